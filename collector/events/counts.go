package events

import (
	"maps"
	"time"

	"cloudflare_pcap_exporter/collector/snapshot"
)

// A Kind is what captures are counted by. Its fields are label values.
type Kind struct {
	System, Type string
}

// Counts are the events since the exporter started, by kind. They must not be changed.
type Counts struct {
	Submitted map[Kind]uint64
	Finished  map[Kind]map[string]uint64 // by final status
}

// A Duration is the time from the submission of a capture to the list that first
// showed it finished.
type Duration struct {
	Type  string // label value
	Value time.Duration
}

// newCounts returns zeros for every documented kind.
func newCounts() *Counts {
	c := &Counts{Submitted: make(map[Kind]uint64), Finished: make(map[Kind]map[string]uint64)}
	for _, system := range snapshot.Systems {
		for _, typ := range snapshot.Types {
			c.add(Kind{system, typ})
		}
	}
	return c
}

// clone returns a copy to be changed.
func (c *Counts) clone() *Counts {
	finished := make(map[Kind]map[string]uint64, len(c.Finished))
	for kind, statuses := range c.Finished {
		finished[kind] = maps.Clone(statuses)
	}
	return &Counts{maps.Clone(c.Submitted), finished}
}

// add adds a kind with zeros. It returns the kind, or beyond the maximum number of
// kinds, the one that stands for others.
func (c *Counts) add(kind Kind) Kind {
	if _, ok := c.Submitted[kind]; ok {
		return kind
	}
	if len(c.Submitted) >= snapshot.MaxGroups-1 {
		kind = Kind{snapshot.Other, snapshot.Other}
	}
	if _, ok := c.Submitted[kind]; ok {
		return kind
	}
	c.Submitted[kind] = 0
	c.Finished[kind] = make(map[string]uint64)
	for _, status := range snapshot.FinishedStatuses {
		c.Finished[kind][status] = 0
	}
	return kind
}
