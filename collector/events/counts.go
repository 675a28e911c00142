package events

import (
	"maps"
	"time"

	"cloudflare_pcap_exporter/collector/snapshot"
)

// A Kind is the key by which captures are counted. Its fields are label values.
type Kind struct {
	System, Type string
}

// Counts are the events since the exporter started. They must not be changed.
type Counts struct {
	Submitted map[Kind]uint64
	Finished  map[Kind]map[string]uint64           // by final status
	Failed    map[snapshot.Group]map[string]uint64 // by reason; the sum over colo and reason is in Finished
}

// A Duration is the time from the submission of a capture to the list that first
// showed it finished.
type Duration struct {
	Type  string // label value
	Value time.Duration
}

// failureReasons are the reasons of failed captures.
var failureReasons = append(snapshot.Reasons(), snapshot.None)

// newCounts returns zeros for every documented kind.
func newCounts() *Counts {
	c := &Counts{
		Submitted: make(map[Kind]uint64),
		Finished:  make(map[Kind]map[string]uint64),
		Failed:    make(map[snapshot.Group]map[string]uint64),
	}
	for _, system := range snapshot.Systems {
		for _, typ := range snapshot.Types {
			c.addKind(Kind{system, typ})
		}
	}
	return c
}

// clone returns a copy that can be changed.
func (c *Counts) clone() *Counts {
	return &Counts{maps.Clone(c.Submitted), cloneNested(c.Finished), cloneNested(c.Failed)}
}

func cloneNested[K comparable](m map[K]map[string]uint64) map[K]map[string]uint64 {
	clone := make(map[K]map[string]uint64, len(m))
	for key, counts := range m {
		clone[key] = maps.Clone(counts)
	}
	return clone
}

// addKind adds a kind with zeros and returns it. If there are too many groups, it returns
// the kind for all others.
func (c *Counts) addKind(kind Kind) Kind {
	if _, ok := c.Submitted[kind]; ok {
		return kind
	}
	if c.full() {
		kind = Kind{snapshot.Other, snapshot.Other}
	}
	if _, ok := c.Submitted[kind]; ok {
		return kind
	}
	c.Submitted[kind] = 0
	c.Finished[kind] = zeros(snapshot.FinishedStatuses)
	return kind
}

// addGroup adds a group with zeros and returns it. Beyond the maximum number of groups, it
// returns the group for all other colos of the kind.
func (c *Counts) addGroup(group snapshot.Group) snapshot.Group {
	kind := c.addKind(Kind{group.System, group.Type})
	group.System, group.Type = kind.System, kind.Type
	if _, ok := c.Failed[group]; ok {
		return group
	}
	if c.full() {
		group.Colo = snapshot.Other
	}
	if _, ok := c.Failed[group]; !ok {
		c.Failed[group] = zeros(failureReasons)
	}
	return group
}

// full reports whether the groups left are needed for all other colos of each kind, and for
// the kind of all others.
func (c *Counts) full() bool {
	return len(c.Failed)+len(c.Submitted)+1 >= snapshot.MaxGroups
}

// lacks reports whether a group has no zeros yet.
func (c *Counts) lacks(groups []snapshot.Group) bool {
	for _, group := range groups {
		if _, ok := c.Failed[group]; !ok {
			return true
		}
	}
	return false
}

func zeros(names []string) map[string]uint64 {
	counts := make(map[string]uint64, len(names))
	for _, name := range names {
		counts[name] = 0
	}
	return counts
}
