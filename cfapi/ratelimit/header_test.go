package ratelimit

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseList(t *testing.T) {
	type list = map[string]map[string]int64
	for name, test := range map[string]struct {
		header []string
		want   list
	}{
		"Ratelimit":        {[]string{`"default";r=50;t=30`}, list{"default": {"r": 50, "t": 30}}},
		"Ratelimit-Policy": {[]string{`"default";q=1200;w=300`}, list{"default": {"q": 1200, "w": 300}}},
		"none":             {nil, nil},
		"several":          {[]string{`"a";r=1;t=2, "b"; r=3`}, list{"a": {"r": 1, "t": 2}, "b": {"r": 3}}},
		"several lines":    {[]string{`"a";r=1`, `"b";r=3`}, list{"a": {"r": 1}, "b": {"r": 3}}},
		"same twice":       {[]string{`"a";r=9, "a";r=8`}, list{"a": {"r": 8}}},
		"other types":      {[]string{`"a";r="5", "b";r=5.5, "c";r, "d";r=?1, "e";r=-5`}, list{"a": {}, "b": {}, "c": {}, "d": {}, "e": {}}},
		"no strings":       {[]string{`a;q=5, 7;q=5, ("a");q=5, default;r=5`}, nil},
		"draft 7":          {[]string{`limit=100, remaining=50, reset=5`}, nil},
		"malformed":        {[]string{`"a;r=5`, `"b`, `"`, `;r=1`, "\"a\x00\";r=1"}, nil},
		"not ASCII":        {[]string{`"ä";r=5`}, nil},
		"empty":            {[]string{``, ` `, `,`}, nil},
		"unknown":          {[]string{`"a";r=5;pk=:YQ==:;x`}, list{"a": {"r": 5}}},
		"long":             {[]string{`"a";r=5;x="` + strings.Repeat("x", 4<<10) + `"`}, nil},
		"many lines":       {slices.Repeat([]string{`"a";r=5`}, 1000), nil},
		"out of range":     {[]string{`"a";r=99999999999999999999`}, list{"a": {}}},
	} {
		got := parseList(test.header)
		if len(got) != len(test.want) || len(got) > 0 && !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %+v, want %+v", name, got, test.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"":                              0,
		"soon":                          0,
		"Sat, 01 Jan 2000 00:00:00 GMT": time.Second,
		"Sat, 01 Jan 2050 00:00:00 GMT": 10 * time.Minute,
		"99999999999999999999":          10 * time.Minute,
		"30":                            30 * time.Second,
		"0":                             time.Second,
		"-5":                            time.Second,
		"600":                           10 * time.Minute,
		"601":                           10 * time.Minute,
	} {
		if got := RetryAfter(http.Header{"Retry-After": {value}}); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}
