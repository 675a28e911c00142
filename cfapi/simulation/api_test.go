package simulation

import (
	"testing"
)

func TestResponses(t *testing.T) {
	const unknown = "/accounts/ffffffffffffffffffffffffffffffff/pcaps"
	unauthorized := refused(10000, "Authentication error")
	tests := []struct {
		method, path, authorization string
		status                      int
		body                        string
	}{
		{"GET", testPath, "Bearer good", 200, emptyList},
		{"GET", "/client/v4" + testPath, "Bearer good", 200, emptyList},
		{"GET", testPath, "", 401, unauthorized},
		{"GET", testPath, "Bearer wrong", 401, unauthorized},
		{"GET", unknown, "Bearer wrong", 401, unauthorized},
		{"GET", unknown, "Bearer good", 404, notFound(unknown)},
		{"GET", "/accounts/" + testID, "Bearer good", 404, notFound("/accounts/" + testID)},
		{"GET", testPath + "/1", "Bearer good", 404, notFound(testPath + "/1")},
		{"GET", "/", "Bearer good", 404, notFound("/")},
		{"POST", testPath, "Bearer good", 405, refused(10405, "Method Not Allowed")},
		{"POST", testPath + "/ownership", "Bearer good", 405, refused(10405, "Method Not Allowed")},
	}
	api := &API{Token: "good"}
	api.Account(testID)
	for _, tt := range tests {
		w := send(api, tt.method, tt.path, tt.authorization)
		if w.Code != tt.status || w.Body.String() != tt.body {
			t.Errorf("%s %s: %d %s\nwant %d %s", tt.method, tt.path, w.Code, w.Body, tt.status, tt.body)
		}
		if allow := w.Header().Get("Allow"); (allow == "GET") != (tt.status == 405) {
			t.Errorf("%s %s: Allow: %q", tt.method, tt.path, allow)
		}
	}
}
