package simulation

import (
	"testing"
	"time"
)

func TestListBuckets(t *testing.T) {
	api, acc, _ := newAPI()
	const path = testPath + "/ownership"
	checkResponse(t, api, path, 200, emptyList)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	acc.SetBuckets(Bucket{Destination: "s3://b", Status: "success", Submitted: noon, Validated: noon}, Bucket{})
	checkResponse(t, api, path, 200, success(`[`+
		`{"id":"00000000000000000000000000000001","destination_conf":"s3://b","filename":"ownership-challenge-00000001.txt",`+
		`"status":"success","submitted":"2026-03-01T12:00:00.000000Z","validated":"2026-03-01T12:00:00.000000Z"},`+
		`{"id":"00000000000000000000000000000002","destination_conf":"","filename":"ownership-challenge-00000002.txt",`+
		`"status":"pending","validated":""}]`))
	acc.SetBuckets()
	checkResponse(t, api, path, 200, emptyList)
	const unknown = "/accounts/" + DemoLabID + "/pcaps/ownership"
	checkResponse(t, api, unknown, 404, notFound(unknown))
}
