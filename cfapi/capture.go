package cfapi

import (
	"bytes"
	"slices"
	"time"
)

// A Capture is one packet capture. The filter, which contains addresses of the
// user's network, and the query of the bucket's URI, which can contain keys, are
// dropped. A field that the API leaves out has its zero value.
type Capture struct {
	ID            string
	Status        string // "complete", "failed" or another one
	Type          string // "simple", "full" or an undocumented one
	System        string // "magic-transit" or an undocumented one
	Colo          string // the site or metro of a full capture
	Submitted     time.Time
	StopRequested time.Time
	TimeLimit     Number // seconds
	ByteLimit     Number // bytes
	Packets       Number // captured so far
	Bucket        string // destination of a full capture: scheme, name and path
	ErrorMessage  string // free text, which may contain the bucket's URI and its query
}

// Number is an optional number. Its zero value is an absent number.
type Number struct {
	Value float64 // never negative
	Valid bool
}

func (d *decoder) capture(c *Capture) error {
	return d.lenient('{', func() error {
		return d.object(func(name []byte) error {
			switch string(name) {
			case "id":
				return d.str(&c.ID)
			case "status":
				return d.label(&c.Status)
			case "type":
				return d.label(&c.Type)
			case "system":
				return d.label(&c.System)
			case "colo_name":
				return d.label(&c.Colo)
			case "colo": // the name on the page "Collect PCAPs"
				if c.Colo == "" {
					return d.label(&c.Colo)
				}
			case "submitted":
				return d.time(&c.Submitted)
			case "stop_requested":
				return d.time(&c.StopRequested)
			case "time_limit":
				return d.number(&c.TimeLimit)
			case "byte_limit":
				return d.number(&c.ByteLimit)
			case "packets_captured":
				return d.number(&c.Packets)
			case "destination_conf":
				return d.bucket(&c.Bucket)
			case "error_message":
				return d.message(&c.ErrorMessage)
			case "filter_v1": // small: skipping it token by token takes twice as long
				_, err := d.ReadValue()
				return err
			}
			return d.SkipValue()
		})
	})
}

// bucket reads scheme, name and path of a URI. The rest can contain keys.
func (d *decoder) bucket(to *string) error {
	text, err := d.wholeString()
	if bytes.IndexByte(text, '@') >= 0 {
		return err // what precedes it may be a key with any of "/?#" in it
	}
	if i := bytes.IndexAny(text, "?#"); i >= 0 {
		text = text[:i]
	}
	scheme, rest, ok := bytes.Cut(text, []byte("://"))
	if !ok {
		return err
	}
	*to = d.intern(text[:min(len(scheme)+len("://")+len(rest), maxString)])
	return err
}

// message reads at most 1 KiB of a text, in whole words: half a URI could no longer be
// recognized as one.
func (d *decoder) message(to *string) error {
	text, err := d.wholeString()
	if len(text) > maxString {
		text = slices.Concat(text[:bytes.LastIndexByte(text[:maxString], ' ')+1], []byte("…"))
	}
	if len(text) > 0 {
		*to = d.intern(text)
	}
	return err
}
