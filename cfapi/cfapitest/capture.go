package cfapitest

import "time"

// Error messages of failed captures.
const (
	// NoPacketsMatched is the API reference's own example.
	NoPacketsMatched = "No packets matched the filter in the time limit given. Please modify the filter or try again."
	// BucketRefused repeats the address of a bucket with Secret in it. The
	// wording is made up around the "verify your ownership information" that
	// Cloudflare's dashboard shows.
	BucketRefused = "Failed to upload to bucket " + bucketR2 + ": verify your ownership information"
	// CaptureInterrupted is made up: a failure of neither of these kinds.
	CaptureInterrupted = "The capture was interrupted by maintenance at the data center."
)

// Secret is in the R2 bucket address of the demo and in BucketRefused. It must
// never be found in what a client exports.
const Secret = "SIMULATED-SECRET-KEY"

const bucketR2 = "r2://pcaps-eu?account-id=" + DemoProdID +
	"&access-key-id=SIMULATED-KEY-ID&secret-access-key=" + Secret

// A Capture is the plan of a capture: what was asked for, how long it spends in
// each status, and how it ends. Its zero value is a sampled capture that is a
// success at once.
type Capture struct {
	Type        string         // "simple", also if "", or "full"
	Colo        string         // site or metro, full only
	ColoKey     string         // JSON key for Colo: "colo_name", also if "", or the "colo" of the page "Collect PCAPs"
	Destination string         // destination_conf, full only
	TimeLimit   time.Duration  // a full one runs for so long; shown in seconds unless 0
	ByteLimit   int64          // bytes, not shown if 0
	PacketLimit int            // packets, not shown if 0
	FilterV1    map[string]any // nil is all packets

	Pending           time.Duration // before it runs
	ConversionPending time.Duration // after it ran, full only
	ConversionRunning time.Duration // after that, full only
	StopAfter         time.Duration // from the submission to a request to stop, full only; 0 is none
	Hangs             bool          // runs for ever, full only

	End          string // the last status; "" is "success" for a simple one, "complete" for a full one
	ErrorMessage string // shown at the end, full only
	Packets      int    // captured when it has run, full only
}

// submitted is a Capture that was accepted.
type submitted struct {
	Capture
	id string
	at time.Time
}

// status is where the capture is at that age.
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

// running is how long a capture runs that does not hang.
func (c Capture) running() time.Duration {
	if c.StopAfter > 0 {
		return min(c.TimeLimit, max(0, c.StopAfter-c.Pending))
	}
	return c.TimeLimit
}

// ended tells whether a full capture has come to its last status.
func (c Capture) ended(age time.Duration) bool {
	return !c.Hangs && age >= c.Pending+c.running()+c.ConversionPending+c.ConversionRunning
}

// captured is the number of packets at an age from Pending on. They come in
// evenly.
func (c Capture) captured(age time.Duration) int {
	ran, all := age-c.Pending, c.running()
	if ran >= all {
		return c.Packets
	}
	return int(float64(c.Packets) * ran.Seconds() / all.Seconds())
}
