package web

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// captureFormat has all fields of the example in the API reference.
const captureFormat = `{"byte_limit":500000,"colo_name":%q,"destination_conf":"s3://pcaps-bucket/prod?region=us-east-1",` +
	`"error_message":"","filter_v1":{"destination_address":"1.2.3.4","destination_port":80,"protocol":6,` +
	`"source_address":"1.2.3.4","source_port":123},"id":"%032x","packets_captured":%d,"status":%q,` +
	`"stop_requested":"2020-01-01T08:00:00Z","submitted":"2020-01-01T08:00:00.000000Z",` +
	`"system":"magic-transit","time_limit":300,"type":"full"}`

// listResponse returns a list of n captures.
func listResponse(n int) []byte {
	captures := make([]string, n)
	for i := range captures {
		colo, status := []string{"ord02", "ams01", "FRA"}[i%3], []string{"complete", "failed", "running"}[i%3]
		captures[i] = fmt.Sprintf(captureFormat, colo, i, i, status)
	}
	return []byte(`{"errors":[],"messages":[],"result":[` + strings.Join(captures, ",") + `],"success":true}`)
}

// fetch writes the body of an uncompressed response: the list is not compressed, either.
func fetch(b *testing.B, w io.Writer, url string) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(w, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		b.Fatal(resp.Status, err)
	}
}

// process is the exporter as a process, whose memory can be measured.
type process struct {
	*exec.Cmd
	url string
}

// build builds the exporter and returns its path.
func build(b *testing.B) (program string) {
	b.Helper()
	program = filepath.Join(b.TempDir(), Name)
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, Name).CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return program
}

func start(b *testing.B, program string, args ...string) *process {
	b.Helper()
	p := &process{Cmd: exec.CommandContext(b.Context(), program, append(args, "--web.listen-address=127.0.0.1:0")...)}
	p.Env = append(os.Environ(), "CLOUDFLARE_API_TOKEN="+token)
	log, err := p.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := p.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(log)
	for p.url == "" && lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), `msg="Listening on" address=`); ok {
			p.url = "http://" + address
		}
	}
	if p.url == "" {
		b.Fatal("the exporter does not listen")
	}
	go func() { _, _ = io.Copy(io.Discard, log) }()
	return p
}

func (p *process) metrics(b *testing.B) string {
	b.Helper()
	var text strings.Builder
	fetch(b, &text, p.url+"/metrics")
	return text.String()
}

// peak returns the maximum resident size in MiB.
func (p *process) peak(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	var kib float64
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(after, &kib); err != nil {
		b.Fatal(err)
	}
	return kib / 1024
}

func (p *process) stop() {
	_ = p.Process.Kill()
	_ = p.Wait()
}

// BenchmarkAccounts measures a process that lists 1,000 accounts with 50 captures each,
// 16 at the same time, from an API that takes 100 ms. x-ideal is the ratio of the duration
// of the scrape to the latency of the API.
func BenchmarkAccounts(b *testing.B) {
	const accounts, latency, concurrency = 1000, 100 * time.Millisecond, 16
	list := listResponse(50)
	var connections atomic.Int64
	api := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(latency)
		_, _ = w.Write(list)
	}))
	api.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	api.Start()
	defer api.Close()
	args := []string{"--cloudflare.api-url=" + api.URL, "--scrape.timeout=1m", "--cloudflare.rate-limit=0"}
	for i := range accounts {
		args = append(args, fmt.Sprintf("--cloudflare.account-id=%032x", i))
	}
	program := build(b)
	for b.Loop() {
		p := start(b, program, args...)
		connections.Store(0)
		begin := time.Now()
		text := p.metrics(b)
		b.ReportMetric(float64(time.Since(begin))/float64(latency*accounts/concurrency), "x-ideal")
		if n := strings.Count(text, "\ncloudflare_pcap_up{"); n != accounts {
			b.Fatalf("%d accounts", n)
		}
		b.ReportMetric(float64(connections.Load()), "connections")
		b.ReportMetric(float64(len(text))/1e6, "MB-exposed")
		b.ReportMetric(p.peak(b), "MiB-peak")
		p.stop()
	}
	b.ReportMetric(0, "ns/op")
}
