package cfapi

import (
	"cmp"
	"time"
)

// A Capture is one packet capture. The filter, which contains addresses of the
// user's network, and the query of the bucket's URI, which can contain keys, are
// dropped. A field that the API leaves out has its zero value.
type Capture struct {
	ID            string
	Status        string // such as "running", or an undocumented one
	Type          string // "simple", "full" or an undocumented one
	System        string // "magic-transit" or an undocumented one
	Colo          string // the site or metro of a full capture
	Submitted     time.Time
	StopRequested time.Time
	TimeLimit     Number // seconds
	ByteLimit     Number // bytes
	PacketLimit   Number
	Packets       Number // captured so far
	Bucket        string // destination of a full capture: scheme, name and path
	ErrorMessage  string // free text, which may contain the bucket's URI and its query

	// Whether the API reports the time in an unknown form. The time is then zero.
	SubmittedUnreadable, StopRequestedUnreadable bool
}

// capture is a Capture as the API returns it.
type capture struct {
	ID            text      `json:"id"`
	Status        text      `json:"status"`
	Type          text      `json:"type"`
	System        text      `json:"system"`
	ColoName      text      `json:"colo_name"`
	Colo          text      `json:"colo"` // the name on the page "Collect PCAPs"
	Submitted     timestamp `json:"submitted"`
	StopRequested timestamp `json:"stop_requested"`
	TimeLimit     Number    `json:"time_limit"`
	ByteLimit     Number    `json:"byte_limit"`
	PacketLimit   Number    `json:"packet_limit"`
	Packets       Number    `json:"packets_captured"`
	Destination   text      `json:"destination_conf"`
	ErrorMessage  text      `json:"error_message"`
}

func (c capture) public() *Capture {
	return &Capture{
		ID: c.ID.clip(), Status: c.Status.clip(), Type: c.Type.clip(), System: c.System.clip(),
		Colo:      cmp.Or(c.ColoName, c.Colo).clip(),
		Submitted: c.Submitted.Time, StopRequested: c.StopRequested.Time,
		TimeLimit: c.TimeLimit, ByteLimit: c.ByteLimit, PacketLimit: c.PacketLimit, Packets: c.Packets,
		Bucket: c.Destination.uri(), ErrorMessage: c.ErrorMessage.message(),
		SubmittedUnreadable: c.Submitted.unreadable, StopRequestedUnreadable: c.StopRequested.unreadable,
	}
}
