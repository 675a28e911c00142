package collector

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestReloads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		r := NewReloads()
		check := func(successful int, succeeded time.Time) {
			t.Helper()
			checkSeries(t, expose(t, r),
				fmt.Sprint("exporter_config_last_reload_success_timestamp_seconds ", timestamp(succeeded)),
				fmt.Sprint("exporter_config_last_reload_successful ", successful))
		}
		check(1, start)
		time.Sleep(time.Minute)
		r.Record(errors.New("invalid"))
		check(0, start)
		r.Record(nil)
		check(1, time.Now())
	})
}
