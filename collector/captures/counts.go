package captures

import (
	"maps"

	"cloudflare_pcap_exporter/cfapi"
)

// Counts are the events since the exporter started. They must not be changed.
type Counts struct {
	Submitted map[Group]uint64  // all colos together
	Finished  map[Labels]uint64 // by final status, all colos together
	Failed    map[Labels]uint64 // by reason; the sum over colo and reason is in Finished
}

// Labels are a group, and a status or reason.
type Labels struct {
	Group
	Value string
}

// newCounts returns zeros for the groups that every account has.
func newCounts() *Counts {
	c := &Counts{make(map[Group]uint64), make(map[Labels]uint64), make(map[Labels]uint64)}
	for _, group := range initialGroups {
		c.addKind(group)
	}
	return c
}

// clone returns a copy that can be changed.
func (c *Counts) clone() *Counts {
	return &Counts{maps.Clone(c.Submitted), maps.Clone(c.Finished), maps.Clone(c.Failed)}
}

// add adds zeros for a group, so that increase() sees its first event.
func (c *Counts) add(group Group) {
	for _, reason := range FailureReasons {
		c.Failed[Labels{group, reason}] += 0
	}
	c.addKind(kind(group))
}

func (c *Counts) addKind(kind Group) {
	c.Submitted[kind] += 0
	for _, status := range Statuses {
		if status.Finished {
			c.Finished[Labels{kind, status.Name}] += 0
		}
	}
}

func (c *Counts) finish(group Group, capture *cfapi.Capture) {
	c.Finished[Labels{kind(group), capture.Status}]++
	if StatusOf(capture.Status).Failed {
		c.Failed[Labels{group, FailureReason(capture.ErrorMessage)}]++
	}
}

// kind returns a group without its colo.
func kind(group Group) Group { return Group{System: group.System, Type: group.Type} }
