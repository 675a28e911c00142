package simulation

import "time"

// Error messages of failed captures.
const (
	// NoPacketsMatched is the example of the API reference.
	NoPacketsMatched = "No packets matched the filter in the time limit given. Please modify the filter or try again."
	// BucketRefused contains the URI of a bucket with Secret in it. Only "verify your
	// ownership information" is Cloudflare's wording, from its dashboard.
	BucketRefused = "Failed to upload to bucket " + bucketR2 + ": verify your ownership information"
	// CaptureInterrupted is an invented message for any other failure.
	CaptureInterrupted = "The capture was interrupted by maintenance at the data center."
)

// Secret is in the URI of the demo's R2 bucket and in BucketRefused. A client must
// never export it.
const Secret = "SIMULATED-SECRET-KEY"

const bucketR2 = "r2://pcaps-eu?account-id=" + DemoProdID +
	"&access-key-id=SIMULATED-KEY-ID&secret-access-key=" + Secret

// A Capture is what was requested, how long the capture stays in each status, and how it
// ends. Its zero value is a sample that succeeds immediately.
type Capture struct {
	Type        string         // "full", or "simple" if ""
	Colo        string         // site or metro; full only
	ColoKey     string         // JSON key of Colo: "colo", as on the page "Collect PCAPs", or "colo_name" if ""
	Destination string         // destination_conf; full only
	TimeLimit   time.Duration  // duration of a full capture; absent if 0
	ByteLimit   int64          // bytes; absent if 0
	PacketLimit int            // packets; absent if 0
	FilterV1    map[string]any // nil is all packets

	Pending           time.Duration // time before it runs
	ConversionPending time.Duration // time after it ran; full only
	ConversionRunning time.Duration // time after ConversionPending; full only
	StopAfter         time.Duration // time from submission to a stop request; full only; 0 is none
	Hangs             bool          // never ends; full only

	End          string // final status; "" is "success" for a simple capture, "complete" for a full one
	ErrorMessage string // present at the end; full only
	Packets      int    // captured in total; full only
}

// submitted is an accepted capture.
type submitted struct {
	Capture
	id string
	at time.Time
}

// status returns the status of the capture at the given age.
func (c Capture) status(age time.Duration) string {
	ran := c.Pending + c.running()
	switch full := c.full(); {
	case age < c.Pending:
		return "pending"
	case full && (c.Hangs || age < ran):
		return "running"
	case full && age < ran+c.ConversionPending:
		return "conversion_pending"
	case full && !c.ended(age):
		return "conversion_running"
	case c.End != "":
		return c.End
	case full:
		return "complete"
	}
	return "success"
}

func (c Capture) full() bool { return c.Type == "full" }

// running returns how long the capture runs if it does not hang.
func (c Capture) running() time.Duration {
	if c.StopAfter > 0 {
		return min(c.TimeLimit, max(0, c.StopAfter-c.Pending))
	}
	return c.TimeLimit
}

// ended reports whether a full capture has its final status.
func (c Capture) ended(age time.Duration) bool {
	return !c.Hangs && age >= c.Pending+c.running()+c.ConversionPending+c.ConversionRunning
}

// captured returns the number of packets captured at an age after Pending. Packets
// arrive evenly.
func (c Capture) captured(age time.Duration) int {
	ran, all := age-c.Pending, c.running()
	if ran >= all {
		return c.Packets
	}
	return int(float64(c.Packets) * ran.Seconds() / all.Seconds())
}
