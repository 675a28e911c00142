package collector

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi"
)

// maxDeparted is how many ids are remembered after they have left the list.
const maxDeparted = 1000

// tracker counts what happens to the captures of one account between listings.
// It remembers what is listed, and the last ids that left. It is not safe for
// concurrent use.
type tracker struct {
	submitted map[class]uint64
	finished  map[class]map[string]uint64     // by status
	durations map[string]prometheus.Histogram // by type, in seconds

	memory
	order []cfapi.Key // of departed, oldest first
}

// memory holds for each known id whether the capture has ended. Its maps are
// never changed, so that a sighting can read them while another is committed.
type memory struct {
	started          bool // a first list has been seen
	listed, departed map[cfapi.Key]bool
}

// class is what events are counted by.
type class struct {
	system, typ string
}

// newTracker returns a tracker with every documented combination at 0.
func newTracker() *tracker {
	t := &tracker{
		submitted: make(map[class]uint64),
		finished:  make(map[class]map[string]uint64),
		durations: make(map[string]prometheus.Histogram),
	}
	for _, system := range documentedSystems {
		for _, typ := range documentedTypes {
			t.count(class{system, typ})
		}
	}
	return t
}

// count makes sure that the class is counted. Where there are too many, it
// returns one that stands for others.
func (t *tracker) count(c class) class {
	if _, ok := t.submitted[c]; ok {
		return c
	}
	if len(t.submitted) >= maxGroups-1 {
		c = class{other, other}
	}
	if _, ok := t.submitted[c]; ok {
		return c
	}
	t.submitted[c] = 0
	t.finished[c] = make(map[string]uint64)
	for _, status := range finishedStatuses {
		t.finished[c][status] = 0
	}
	if t.durations[c.typ] == nil {
		t.durations[c.typ] = prometheus.NewHistogram(durationOpts)
	}
	return c
}

// durationOpts spans a sampled capture, done at once, and one of a day.
var durationOpts = prometheus.HistogramOpts{
	Name:                            catalogue[captureDuration].FullName(),
	Help:                            catalogue[captureDuration].Help,
	Buckets:                         []float64{15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400},
	NativeHistogramBucketFactor:     1.1,
	NativeHistogramMaxBucketNumber:  100,
	NativeHistogramMinResetDuration: time.Hour,
}

// commit counts what the sighting has seen.
func (t *tracker) commit(s *sighting) {
	for class, n := range s.submitted {
		t.submitted[t.count(class)] += n
	}
	for end, durations := range s.ended {
		class := t.count(end.class)
		t.finished[class][end.status] += uint64(len(durations))
		for _, took := range durations {
			if took >= 0 {
				t.durations[class.typ].Observe(took.Seconds())
			}
		}
	}
	t.replace(s)
}

// replace makes the sighting's ids the known ones, and remembers those that left.
func (t *tracker) replace(s *sighting) {
	before := t.memory
	t.memory = memory{started: true, listed: s.listed, departed: before.departed}
	isListed := func(key cfapi.Key) bool {
		_, ok := s.listed[key]
		return ok
	}
	order := t.order
	if s.returned {
		order = slices.DeleteFunc(order, isListed)
	}
	for key := range before.listed {
		if !isListed(key) {
			order = append(order, key)
		}
	}
	if !s.returned && len(order) == len(t.order) {
		return
	}
	t.order = slices.Delete(order, 0, max(len(order)-maxDeparted, 0))
	t.departed = make(map[cfapi.Key]bool, len(t.order))
	for _, key := range t.order {
		t.departed[key] = before.departed[key] || before.listed[key]
	}
}
