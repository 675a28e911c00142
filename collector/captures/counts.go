package captures

import (
	"maps"

	"cloudflare_pcap_exporter/cfapi"
)

// Counts are the events since the exporter started. They must not be changed.
type Counts struct {
	Submitted map[Group]uint64  // all colos together
	Finished  map[Labels]uint64 // by final status
	Failed    map[Labels]uint64 // by reason; their sum is in Finished
}

// Labels are a group, and a status or reason.
type Labels struct {
	Group
	Value string
}

func newCounts() *Counts {
	return &Counts{make(map[Group]uint64), make(map[Labels]uint64), make(map[Labels]uint64)}
}

// clone returns a copy that can be changed.
func (c *Counts) clone() *Counts {
	return &Counts{maps.Clone(c.Submitted), maps.Clone(c.Finished), maps.Clone(c.Failed)}
}

// initialize starts the counts of a group at 0, so that increase() sees its first event.
func (c *Counts) initialize(group Group) {
	c.Submitted[kind(group)] += 0
	for _, status := range Statuses {
		if status.Finished {
			c.Finished[Labels{group, status.Name}] += 0
		}
	}
	for _, reason := range FailureReasons {
		c.Failed[Labels{group, reason}] += 0
	}
}

func (c *Counts) finish(group Group, capture *cfapi.Capture) {
	c.Finished[Labels{group, capture.Status}]++
	if StatusOf(capture.Status).Failed {
		c.Failed[Labels{group, FailureReason(capture.ErrorMessage)}]++
	}
}

// kind returns a group without its colo.
func kind(group Group) Group { return Group{System: group.System, Type: group.Type} }
