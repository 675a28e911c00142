package cfapi

import (
	"bytes"
	"fmt"
	"testing"
)

// sharing is a list of n captures that differ in their ids, times and numbers
// only.
func sharing(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"success":true,"result":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"%032x","status":"complete","type":"full","system":"magic-transit","colo_name":"ord02",`+
			`"submitted":"2026-03-01T12:00:00.%06dZ","stop_requested":"2026-03-01T12:00:00.%06dZ","time_limit":%d,`+
			`"byte_limit":1e9,"packet_limit":10000,"packets_captured":%d,"packets_remaining":0,`+
			`"destination_conf":"r2://bucket/directory?account-id=0&access-key-id=1&secret-access-key=2",`+
			`"error_message":"No packets matched \"it\".","filter_v1":{"source_address":"192.0.2.%d","protocol":6}}`,
			i, i, i, i, i, i%256)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

func decodeAll(t *testing.T, doc []byte, each func(*Capture)) {
	d := newDecoder(bytes.NewReader(doc))
	var c Capture
	_, err := d.envelope(func() error {
		return d.array(func() error {
			c = Capture{}
			err := d.capture(&c)
			each(&c)
			return err
		})
	})
	if err != nil {
		t.Error(err)
	}
}

// A capture must cost no more than its id: a list can be long.
func TestAllocations(t *testing.T) {
	const few, many = 100, 1100
	allocs := func(n int) float64 {
		doc := sharing(n)
		return testing.AllocsPerRun(5, func() { decodeAll(t, doc, func(*Capture) {}) })
	}
	a, b := allocs(few), allocs(many)
	if each := (b - a) / (many - few); each > 1.01 {
		t.Errorf("%.0f allocations for %d captures, %.0f for %d: %.3f each, want 1", a, few, b, many, each)
	}
}

// What was interned is right, too, with more labels than are kept.
func TestManyLabels(t *testing.T) {
	var b bytes.Buffer
	b.WriteString(`{"success":true,"result":[{}`)
	const n = 3 * maxLabels
	for i := range n {
		fmt.Fprintf(&b, `,{"status":"%d","type":"%d"}`, i%5000, i/2)
	}
	b.WriteString(`]}`)
	i := -1
	decodeAll(t, b.Bytes(), func(c *Capture) {
		if i >= 0 && (c.Status != fmt.Sprint(i%5000) || c.Type != fmt.Sprint(i/2)) {
			t.Fatalf("capture %d: %+v", i, c)
		}
		i++
	})
	if i != n {
		t.Errorf("%d captures, want %d", i, n)
	}
}

// A decoder keeps a bounded number of labels, whatever a list holds.
func TestLabelsAreBounded(t *testing.T) {
	d := newDecoder(bytes.NewReader(nil))
	for i := range 2 * maxLabels {
		d.intern(fmt.Append(nil, i))
	}
	if len(d.labels) != maxLabels {
		t.Errorf("%d labels are kept, want %d", len(d.labels), maxLabels)
	}
}
