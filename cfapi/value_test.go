package cfapi_test

import (
	"strings"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
)

func TestNumbers(t *testing.T) {
	for text, want := range map[string]cfapi.Number{
		"0":                    {Value: 0, Valid: true},
		"-0":                   {Value: 0, Valid: true},
		"300":                  {Value: 300, Valid: true},
		"0.25":                 {Value: 0.25, Valid: true},
		"1E9":                  {Value: 1e9, Valid: true},
		"1e308":                {}, // the sum of two would be infinite
		"9223372036854774784":  {Value: 9223372036854774784, Valid: true},
		"18446744073709551616": {},
		"1e-999":               {Value: 0, Valid: true},
		"1e309":                {},
		"-1":                   {},
		"-0.5":                 {},
		"-1e999":               {},
	} {
		n := `:` + text
		want := cfapi.Capture{TimeLimit: want, ByteLimit: want, Packets: want}
		wantCapture(t, `"time_limit"`+n+`,"byte_limit"`+n+`,"packets_captured"`+n, want)
	}
}

func TestStrings(t *testing.T) {
	for text, want := range map[string]string{
		`Zürich ✈ 東京 𝄞`:            "Zürich ✈ 東京 𝄞",
		`\u00fc\u2708\ud834\udd1e`: "ü✈𝄞",
		`\"\\\/\b\f\n\r\t`:         "\"\\/\b\f\n\r\t",
		`a\u0000b`:                 "a\x00b",
		"a\xffb":                   "a\uFFFDb",
		"a\xff\\tb":                "a\uFFFD\tb",
		`a\ud800b`:                 "a\uFFFDb",
		`a\udc00\ud800b`:           "a\uFFFD\uFFFDb",
		`null`:                     "null",
		` spaces `:                 " spaces ",
	} {
		v := `:"` + text + `"`
		want := cfapi.Capture{ID: want, Status: want, Type: want, System: want, Colo: want, ErrorMessage: want}
		wantCapture(t, `"id"`+v+`,"status"`+v+`,"type"`+v+`,"system"`+v+`,"colo_name"`+v+`,"error_message"`+v, want)
	}
}

// Nothing is kept of a text beyond 1 KiB. An error message is cut between words, because half
// a URI is not recognized as one. In a bucket, the whole text is searched for '@'.
func TestLongStrings(t *testing.T) {
	long := strings.Repeat("x", 60_000)
	want := strings.Repeat("x", 1024)
	wantCapture(t, `"id":"`+long+`","status":"`+long+`","error_message":"`+long+`"`, cfapi.Capture{ID: want, Status: want, ErrorMessage: "…"})
	wantCapture(t, `"status":"x`+strings.Repeat("é", 1000)+`"`, cfapi.Capture{Status: "x" + strings.Repeat("é", 511) + "\uFFFD"})
	wantCapture(t, `"error_message":"upload to `+"s3://"+long+`"`, cfapi.Capture{ErrorMessage: "upload to …"})
	wantCapture(t, `"destination_conf":"s3://`+long+`"`, cfapi.Capture{Bucket: "s3://" + want[5:]})
	wantCapture(t, `"destination_conf":"s3://`+long+`@bucket"`, cfapi.Capture{})
}
