package simulation

import (
	"slices"
	"testing"
	"time"
)

func TestStatus(t *testing.T) {
	full := Capture{
		Type: "full", Pending: 2 * time.Second, TimeLimit: 8 * time.Second,
		ConversionPending: 2 * time.Second, ConversionRunning: 3 * time.Second,
	}
	failing, stopped, hanging, early := full, full, full, full
	failing.End = "failed"
	stopped.StopAfter = 5 * time.Second
	hanging.Hangs, hanging.StopAfter = true, 5*time.Second
	early.StopAfter = time.Second
	tests := []struct {
		name string
		c    Capture
		want []string // at 0 s, 1 s, 2 s, …
	}{
		{"simple", Capture{TimeLimit: time.Minute}, []string{"success"}},
		{"simple, pending", Capture{Pending: time.Second}, []string{"pending", "success"}},
		{"simple, failing", Capture{Type: "simple", End: "failed"}, []string{"failed"}},
		{"full", full, timeline(8, 2, 3, "complete")},
		{"failing", failing, timeline(8, 2, 3, "failed")},
		{"stopped", stopped, timeline(3, 2, 3, "complete")},
		{"stopped while pending", early, timeline(0, 2, 3, "complete")},
		{"hanging", hanging, timeline(1000, 0, 0, "running")},
		{"full, without time limit", Capture{Type: "full"}, []string{"complete"}},
	}
	for _, tt := range tests {
		for age, want := range tt.want {
			if got := tt.c.status(time.Duration(age) * time.Second); got != want {
				t.Errorf("%s: %s at %d s, want %s", tt.name, got, age, want)
			}
		}
	}
}

// timeline returns the status at each second of a capture that is pending for 2 s.
func timeline(running, conversionPending, conversionRunning int, end string) []string {
	return slices.Concat(
		slices.Repeat([]string{"pending"}, 2),
		slices.Repeat([]string{"running"}, running),
		slices.Repeat([]string{"conversion_pending"}, conversionPending),
		slices.Repeat([]string{"conversion_running"}, conversionRunning),
		[]string{end, end},
	)
}
