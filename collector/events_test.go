package collector_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

// story scrapes lists that are written as "id:status" words.
type story struct {
	*exporter
	t *testing.T
}

func newStory(t *testing.T) story {
	return story{newExporter(t, setup{}), t}
}

func (s story) list(words string) {
	s.t.Helper()
	s.api.Account(accountID).Answer(answer(words))
	s.scrape(s.t, "/probe?target="+accountID)
}

func answer(words string) []byte {
	var captures []string
	for word := range strings.FieldsSeq(words) {
		id, status, _ := strings.Cut(word, ":")
		captures = append(captures, fmt.Sprintf(
			`{"id":%q,"status":%q,"type":"full","system":"magic-transit","submitted":%q}`,
			id, status, time.Now().Add(-time.Minute).Format(time.RFC3339Nano)))
	}
	return []byte(`{"success":true,"result":[` + strings.Join(captures, ",") + `]}`)
}

// expect checks the counters: captures submitted, complete and failed.
func (s story) expect(submitted, complete, failed int) {
	s.t.Helper()
	labels := func(status string) string {
		return `{account="` + accountID + `",` + status + `system="magic-transit",type="full"} `
	}
	s.api.Inject(cfapitest.Fault{Status: 404, Times: 1}) // a failed scrape shows the counters, and changes none
	text := s.scrape(s.t, "/probe?target="+accountID)
	expect(s.t, text, fmt.Sprint("cloudflare_pcap_captures_submitted_total", labels(""), submitted))
	expect(s.t, text, fmt.Sprint("cloudflare_pcap_captures_finished_total", labels(`status="complete",`), complete))
	expect(s.t, text, fmt.Sprint("cloudflare_pcap_captures_finished_total", labels(`status="failed",`), failed))
	expect(s.t, text, fmt.Sprintf("cloudflare_pcap_capture_duration_seconds_count{account=%q,type=\"full\"} %d", accountID, complete+failed))
}

func TestEvents(t *testing.T) {
	s := newStory(t)
	s.expect(0, 0, 0)
	s.list("a:complete b:running c:failed")
	s.expect(0, 0, 0) // what stood in the first list is no event
	s.list("a:complete b:complete c:failed")
	s.expect(0, 1, 0) // but its later end is
	s.list("d:pending a:complete b:complete")
	s.expect(1, 1, 0)
	s.list("d:running")
	s.list("d:conversion_running")
	s.expect(1, 1, 0)
	s.list("")
	s.list("a:complete b:complete c:failed d:failed")
	s.expect(1, 1, 1) // gone and come back: a, b and c count no more, d ended meanwhile
	s.list("d:running")
	s.list("d:failed")
	s.expect(1, 1, 1) // an end is for ever
	s.list("e:complete")
	s.expect(2, 2, 1) // submitted and ended between two scrapes
	s.list("e:complete e:complete f:failed f:complete")
	s.expect(3, 2, 2) // listed twice
}

func TestEventsForgetTheOldest(t *testing.T) {
	ids := func(from, to int) (words string) {
		for i := from; i < to; i++ {
			words += fmt.Sprintf("%04d:complete ", i)
		}
		return words
	}
	s := newStory(t)
	s.list(ids(0, 1))
	s.list(ids(1, 1001))
	s.list(ids(1001, 1101)) // 0 to 1000 have left, of which the last 1,000 are remembered
	s.expect(1100, 1100, 0)
	s.list(ids(1, 1001))
	s.expect(1100, 1100, 0)
	s.list(ids(0, 1))
	s.expect(1101, 1101, 0)
}

func TestEventsWithoutID(t *testing.T) {
	s := newStory(t)
	s.list("")
	s.list(":complete :failed")
	s.expect(0, 0, 0)
}

func TestDuration(t *testing.T) {
	s := newStory(t)
	s.list("")
	s.list("a:complete")
	text := s.scrape(t, "/probe?target="+accountID)
	for le, n := range map[string]int{"30": 0, "120": 1} { // submitted a minute ago
		expect(t, text, fmt.Sprintf("cloudflare_pcap_capture_duration_seconds_bucket{account=%q,type=\"full\",le=%q} %d", accountID, le, n))
	}
}
