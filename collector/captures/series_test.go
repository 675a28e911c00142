package captures

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

func TestSeriesModes(t *testing.T) {
	captures := []*cfapi.Capture{
		{ID: "a", Status: "running"},
		{ID: "b", Status: "complete"},
		{ID: "c", Status: "failed"},
		{ID: "d", Status: "success"},
		{ID: "e", Status: "pending"},
		{ID: "f", Status: "undocumented"},
		{ID: "g"},
	}
	for mode, want := range map[SeriesMode]string{
		SeriesNone:       "",
		SeriesUnfinished: "aefg",
		SeriesFailed:     "c",
		SeriesAll:        "abcdefg",
	} {
		got := ""
		for _, c := range collect(mode, captures...).Series.Captures {
			got += c.ID
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", mode, got, want)
		}
	}
}

// The oldest captures are listed first, and two ids are the same once they are cut to
// the length of a label.
func TestSeriesKeepsNewest(t *testing.T) {
	long := strings.Repeat("x", maxLabelBytes)
	captures := []*cfapi.Capture{{ID: "unknown time"}, {ID: "old", Submitted: noon.Add(-time.Hour)}}
	for i := range 500 {
		captures = append(captures, &cfapi.Capture{ID: fmt.Sprintf("%03d", i), Submitted: noon.Add(time.Duration(i%2) * time.Second)})
	}
	captures = append(captures,
		&cfapi.Capture{ID: long + "1", Submitted: noon.Add(2 * time.Hour), Bucket: "s3://" + long},
		&cfapi.Capture{ID: long + "2", Submitted: noon.Add(time.Hour)},
		&cfapi.Capture{Submitted: noon.Add(time.Hour)},
	)
	s := collect(SeriesAll, captures...).Series
	if len(s.Captures) != maxSeries || s.Dropped != len(captures)-maxSeries {
		t.Errorf("%d captures are kept and %d are dropped", len(s.Captures), s.Dropped)
	}
	newest, oldest := s.Captures[0], s.Captures[maxSeries-1]
	if newest.ID != long || !newest.Submitted.Equal(noon.Add(2*time.Hour)) || oldest.ID != "397" {
		t.Errorf("the newest capture is %q of %v, the oldest is %q", newest.ID, newest.Submitted, oldest.ID)
	}
	if len(newest.Bucket) != maxLabelBytes {
		t.Errorf("a label has %d bytes", len(newest.Bucket))
	}
}
