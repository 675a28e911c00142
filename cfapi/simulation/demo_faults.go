package simulation

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"
)

// DemoFaults returns the API of Demo with more accounts and faults, for the alerts that
// Demo does not cause. It accepts any token.
//
//   - edge-down gets status 503, and edge-denied and the list of accounts 403.
//   - DemoShared has few requests left.
//   - edge-busy has a full capture every second, so its list changes completely in a minute.
//   - edge-odd has a full capture every 15 s. Two of three fail, and each seventh ends with an
//     undocumented status.
//   - The stop of a capture of edge-stuck was requested 9 minutes before the start, but it runs
//     on. Its bucket has a pending ownership challenge.
//
// The token expires in 3 days.
func DemoFaults(now func() time.Time) *API {
	api := Demo("", now)
	begin := api.now().Add(-demoHistory)
	account := func(name string) *Account {
		id := sha256.Sum256([]byte(name))
		acc := api.Account(hex.EncodeToString(id[:16]))
		acc.SetName(name)
		return acc
	}
	account("edge-busy").Play(func(n int) (time.Time, Capture) {
		return begin.Add(time.Duration(n) * time.Second), Capture{Type: "full", Colo: "sin02", Destination: bucketS3, TimeLimit: time.Second / 2, Packets: 64}
	})
	account("edge-odd").Play(func(n int) (time.Time, Capture) { return begin.Add(time.Duration(n) * 15 * time.Second), oddCapture(n) })
	stuck := account("edge-stuck")
	stuck.Play(func(n int) (at time.Time, c Capture) {
		if n > 0 {
			return time.Time{}, c
		}
		return begin, Capture{Type: "full", Colo: "gru01", Destination: bucketS3, TimeLimit: 24 * time.Hour, StopAfter: time.Minute, Hangs: true}
	})
	stuck.SetBuckets(Bucket{Destination: bucketS3, Submitted: begin})
	api.Verify.ExpiresOn = api.now().AddDate(0, 0, 3)
	api.Inject(Fault{Account: account("edge-down").id, Status: http.StatusServiceUnavailable})
	api.Inject(Fault{Account: account("edge-denied").id, Status: http.StatusForbidden})
	api.Inject(Fault{Endpoint: "/accounts", Status: http.StatusForbidden})
	api.Inject(Fault{Account: account(DemoShared).id, Headers: http.Header{"Ratelimit": {`"default";r=60;t=300`}}})
	return api
}

// DemoShared is the account of DemoFaults whose requests count separately, if it has a
// token of its own.
const DemoShared = "edge-shared"

func oddCapture(n int) Capture {
	ends := []Capture{{}, {End: "failed"}, {End: "failed", ErrorMessage: BucketRefused}}
	c := ends[n%len(ends)]
	if n%7 == 6 {
		c = Capture{End: "archived"}
	}
	c.Type, c.Colo, c.Destination = "full", "hkg01", bucketR2
	c.TimeLimit, c.ConversionRunning, c.Packets = 5*time.Second, 5*time.Second, 512
	return c
}
