package simulation

import "time"

// The accounts of Demo.
const (
	DemoProdID   = "0c5e1f3a9b7d4e2688a1d4f6b3c97e50" // its captures end in every way
	DemoProdName = "edge-prod"
	DemoLabID    = "7d2b90e46f1c4a35b8e3a6059c1fd842" // one of its captures hangs
	DemoLabName  = "edge-lab"
)

const (
	bucketS3 = "s3://pcaps-us/magic-transit?region=us-east-1"
	bucketGS = "gs://pcaps-lab/magic-transit"
)

// demoHistory is the time between the first capture of the demo and its start.
const demoHistory = 10 * time.Minute

// Demo returns an API with captures that are the same after each start. Its clock is
// now, or time.Now if now is nil.
//
// DemoProdID has a full capture every 20 s, which takes 15 s, and a simple one every
// minute. In two minutes its full captures complete three times and fail once for each
// of three reasons.
//
// DemoLabID has a full and a simple capture every minute, until a full capture hangs and blocks
// all later ones. It was submitted 4.5 minutes before the start with a time limit of a minute,
// so it is 5 minutes late 1.5 minutes after the start.
//
// DemoProdID has two buckets, one with a failed ownership challenge. The token expires
// 30 days after the start.
func Demo(token string, now func() time.Time) *API {
	a := &API{Token: token, Now: now}
	begin := a.now().Add(-demoHistory)
	prod, lab := a.Account(DemoProdID), a.Account(DemoLabID)
	prod.SetName(DemoProdName)
	prod.Play(func(n int) (time.Time, Capture) { return prodCapture(begin, n) })
	prod.SetBuckets(
		Bucket{Destination: bucketS3, Status: "success", Submitted: begin.AddDate(0, -1, 0), Validated: begin.AddDate(0, -1, 0).Add(time.Minute)},
		Bucket{Destination: bucketR2, Status: "failed", Submitted: begin},
	)
	lab.SetName(DemoLabName)
	lab.Play(func(n int) (time.Time, Capture) { return labCapture(begin, n) })
	a.Verify.ExpiresOn = begin.Add(demoHistory).AddDate(0, 0, 30)
	return a
}

// prodCapture returns three full captures and a simple one each minute.
func prodCapture(begin time.Time, n int) (time.Time, Capture) {
	minute, slot := begin.Add(time.Duration(n/4)*time.Minute), n%4
	if slot == 3 {
		return minute.Add(50 * time.Second), simpleCapture()
	}
	return minute.Add(time.Duration(slot) * 20 * time.Second), prodFull(n/4*3 + slot)
}

// prodFull returns the k-th full capture. There are 6 ends and 5 colos, so each colo
// sees each end.
func prodFull(k int) Capture {
	ends := []Capture{
		{Destination: bucketS3, Packets: 48_211},
		{Destination: bucketGS, End: "failed", ErrorMessage: NoPacketsMatched},
		{Destination: bucketR2, Packets: 9_730},
		{Destination: bucketR2, End: "failed", ErrorMessage: BucketRefused, Packets: 15_004},
		{Destination: bucketGS, Packets: 120_466},
		{Destination: bucketS3, End: "failed", ErrorMessage: CaptureInterrupted, Packets: 312},
	}
	colos := []Capture{
		{Colo: "ord02"}, {Colo: "ORD"}, {Colo: "ams01"}, {Colo: "fra08", ColoKey: "colo"}, {Colo: "NRT"},
	}
	c, colo := ends[k%len(ends)], colos[k%len(colos)]
	c.Type, c.Colo, c.ColoKey = "full", colo.Colo, colo.ColoKey
	c.Pending, c.TimeLimit = 2*time.Second, 8*time.Second
	c.ConversionPending, c.ConversionRunning = 2*time.Second, 3*time.Second
	c.ByteLimit = 100_000_000
	c.FilterV1 = map[string]any{"destination_address": "203.0.113.20", "destination_port": 443, "protocol": 6}
	if k%12 == 8 {
		c.StopAfter = 6 * time.Second
	}
	return c
}

// labCapture returns a full and a simple capture each minute.
func labCapture(begin time.Time, n int) (time.Time, Capture) {
	minute := begin.Add(time.Duration(n/2) * time.Minute)
	if n%2 == 1 {
		return minute.Add(45 * time.Second), simpleCapture()
	}
	c := Capture{
		Type:              "full",
		Colo:              "lhr03",
		Destination:       bucketGS,
		TimeLimit:         25 * time.Second,
		Pending:           2 * time.Second,
		ConversionPending: 2 * time.Second,
		ConversionRunning: 3 * time.Second,
		Packets:           2_048,
	}
	if minute.Sub(begin) >= demoHistory/2 {
		c.TimeLimit, c.Hangs = time.Minute, true
	}
	return minute.Add(30 * time.Second), c
}

func simpleCapture() Capture {
	return Capture{
		TimeLimit:   5 * time.Minute,
		PacketLimit: 10_000,
		FilterV1:    map[string]any{"source_address": "198.51.100.7"},
	}
}
