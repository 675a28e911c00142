package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const small, phone, desk = 320, 390, 1100 // widths of viewports

// TestPage opens the status page of the demo in a browser.
func TestPage(t *testing.T) {
	exporter := demo(t)
	page := "http://" + exporter.addr + "/"
	b := startBrowser(t)
	scrapeOnce(t, exporter)
	for _, width := range []int{small, phone, desk} {
		b.open(page, width)
		b.wantText(prodName, labName, "no_packets_matched", "Unfinished", "API budget")
		b.wantNoOverflow(width)
		if broken := eval[[]string](b, brokenNames); len(broken) > 0 {
			t.Errorf("at a width of %d px, these are on two lines: %q", width, broken)
		}
	}
	b.wantNoConsoleErrors()
}

// brokenNames is an expression for the texts in the first column of the budget table that take
// more than one line. They are short enough for one.
const brokenNames = `[...document.querySelectorAll(".budgets tr > :first-child")].filter(cell => {
	const text = document.createRange()
	text.selectNodeContents(cell)
	return text.getClientRects().length > 1
}).map(cell => cell.innerText)`

// TestHostilePage returns HTML and long words from the API. The page must show the HTML as text,
// and the words must not make it wider than a phone.
func TestHostilePage(t *testing.T) {
	const attack = `</style></svg><script>document.title='attacked'</script><img src=x onerror=alert(1)>`
	long := strings.Repeat("W", 128)
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var list []map[string]any
		for _, text := range []string{attack, long} {
			for _, status := range []string{text, "failed", "running"} {
				list = append(list, map[string]any{
					"id": text + status, "status": status, "type": text, "system": text, "colo_name": text,
					"submitted": "2020-01-01T00:00:00Z", "time_limit": 300, "error_message": "upload to bucket " + text,
				})
			}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"success": true, "result": list})
	}))
	t.Cleanup(api.Close)
	exporter := start(t, []string{"CLOUDFLARE_API_TOKEN=e2e"}, exporterBinary, "--web.listen-address=127.0.0.1:0",
		"--cloudflare.api-url="+api.URL, "--cloudflare.account-id="+prodID)
	scrapeOnce(t, exporter)
	b := startBrowser(t)
	b.open("http://"+exporter.addr+"/", phone)
	b.wantText(attack, long, "over its limit")
	b.wantNoOverflow(phone)
	if n := eval[int](b, `document.querySelectorAll("script, img").length`); n != 0 {
		t.Errorf("the API inserted %d elements", n)
	}
	b.wantNoConsoleErrors()
}

// TestPageRefresh scrolls down in dark mode and waits until the page reloads itself. The page
// must stay at this position, and no frame may flash.
func TestPageRefresh(t *testing.T) {
	exporter := demo(t)
	scrapeOnce(t, exporter)
	b := startBrowser(t)
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": "dark"}}}, nil)
	b.open("http://"+exporter.addr+"/", phone)
	background := eval[string](b, `getComputedStyle(document.body).backgroundColor`)
	eval[any](b, `scrollTo(0, 300)`)
	eval[any](b, `window.before = true`)
	b.call("Page.startScreencast", map[string]any{"format": "png", "everyNthFrame": 1}, nil)
	eventually(t, func() error {
		if eval[bool](b, `window.before === true`) {
			return errors.New("the page has not reloaded")
		}
		return nil
	})
	time.Sleep(pollInterval) // for the frames after the reload
	if y := eval[int](b, `scrollY`); y != 300 {
		t.Errorf("the page moved from position 300 to %d", y)
	}
	b.wantNoFlash(background)
	b.wantNoConsoleErrors()
}

func (b *browser) wantText(wants ...string) {
	b.t.Helper()
	text := eval[string](b, `document.body.innerText`)
	for _, want := range wants {
		if !strings.Contains(text, want) {
			b.t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
}

func (b *browser) wantNoOverflow(width int) {
	b.t.Helper()
	if got := eval[int](b, `document.documentElement.scrollWidth`); got > width {
		b.t.Errorf("the page is %d px wide in a viewport of %d px", got, width)
	}
	if got := eval[int](b, `innerWidth`); got != width {
		b.t.Errorf("the viewport is %d px wide, want %d", got, width)
	}
}

func (b *browser) wantNoConsoleErrors() {
	b.t.Helper()
	if err := b.consoleErrors(); err != nil {
		b.t.Error(err)
	}
}

// wantNoFlash checks the color of a corner in each frame of the screencast.
func (b *browser) wantNoFlash(background string) {
	b.t.Helper()
	frames := b.eventsOf("Page.screencastFrame")
	if len(frames) < 2 {
		b.t.Fatalf("%d frames, want at least one before and one after the reload", len(frames))
	}
	for i, frame := range frames {
		var shot struct{ Data []byte }
		if err := json.Unmarshal(frame, &shot); err != nil {
			b.t.Fatal(err)
		}
		image, err := png.Decode(bytes.NewReader(shot.Data))
		if err != nil {
			b.t.Fatal(err)
		}
		red, green, blue, _ := image.At(0, 0).RGBA()
		if got := fmt.Sprintf("rgb(%d, %d, %d)", red>>8, green>>8, blue>>8); got != background {
			b.t.Errorf("frame %d of %d is %s, want %s", i, len(frames), got, background)
		}
	}
}
