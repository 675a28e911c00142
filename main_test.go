package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

const accountID = "023e105f4ecef8ad9ca31a8372d0c353"

// TestMain lets a test run the program itself as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("BE_THE_EXPORTER") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// What is refused, and how, is tested in collector/flags.
func TestRefusals(t *testing.T) {
	for args, want := range map[string]string{ //nolint:gosec // no credentials
		"--log.level=loud":                                "--log.level: ",
		"--demo --web.listen-address=nowhere":             "--web.listen-address: ",
		"--demo --config.file=x.yml":                      "--demo has accounts of its own",
		"--health-check --web.listen-address=127.0.0.1:1": "the exporter does not answer at 127.0.0.1:1: dial tcp",
		"--cloudflare.account-id=" + accountID + " --cloudflare.api-token-file=/nowhere/t --config.check": "--cloudflare.api-token-file: ",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // for what is not refused
		err := run(ctx, strings.Fields(args), io.Discard, io.Discard)
		cancel()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", args, err, want)
		}
	}
}

func TestWordsToStandardOutput(t *testing.T) {
	t.Setenv("CLOUDFLARE_API_TOKEN", "secret")
	for args, want := range map[string]string{
		"--version": "go version:",
		"--help":    "--cloudflare.account-id",
		"--config.check --cloudflare.account-id=" + accountID: "the configuration is valid",
	} {
		var out bytes.Buffer
		err := run(t.Context(), strings.Fields(args), &out, io.Discard)
		if err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("%s: %v, %s", args, err, out.String())
		}
	}
}

// process is the exporter as a process of its own.
type process struct {
	*exec.Cmd
	url string
	log *logged
}

// logged keeps what a process logs, and finds where it listens.
type logged struct {
	text    bytes.Buffer
	listens chan string
}

var listening = regexp.MustCompile(`msg="Listening on" address=(\S+)\n`)

func (l *logged) Write(p []byte) (int, error) {
	n, err := l.text.Write(p)
	if found := listening.FindSubmatch(l.text.Bytes()); found != nil && l.listens != nil {
		l.listens <- string(found[1])
		l.listens = nil
	}
	return n, err
}

// start runs the exporter with a token in its environment, on a port of its own.
func start(tb testing.TB, args ...string) *process {
	tb.Helper()
	listens := make(chan string, 1)
	p := &process{
		Cmd: exec.Command(os.Args[0], append(args, "--web.listen-address=127.0.0.1:0")...),
		log: &logged{listens: listens},
	}
	p.Env = append(os.Environ(), "BE_THE_EXPORTER=1", "CLOUDFLARE_API_TOKEN=secret-token")
	p.Stderr = p.log
	if err := p.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if p.ProcessState == nil {
			_ = p.Process.Kill()
			_ = p.Wait()
		}
	})
	select {
	case address := <-listens:
		p.url = "http://" + address
	case <-time.After(20 * time.Second):
		tb.Fatal("it does not listen")
	}
	return p
}

func (p *process) metrics(tb testing.TB) string {
	tb.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(tb.Context()), http.MethodGet, p.url+"/metrics", http.NoBody)
	if err != nil {
		tb.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		tb.Error(err)
		return ""
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Error(err)
	}
	return string(body)
}

// TestDemo is what the first command of the README does.
func TestDemo(t *testing.T) {
	p := start(t, "--demo", "--collector.capture-series=all")
	text := p.metrics(t)
	for _, want := range []string{
		`cloudflare_pcap_up{account="` + cfapitest.DemoProdID + `"} 1`,
		`cloudflare_pcap_up{account="` + cfapitest.DemoLabID + `"} 1`,
		`name="edge-prod"`, `status="complete"`, `reason="bucket"`, `cloudflare_pcap_exporter_build_info{`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(text, cfapitest.Secret) {
		t.Error("the secret of a bucket is shown")
	}
	if err := run(t.Context(), []string{"--health-check", "--web.listen-address=" + strings.TrimPrefix(p.url, "http://")}, io.Discard, io.Discard); err != nil {
		t.Error(err)
	}
}

// TestTerminate has a scrape in flight when SIGTERM comes.
func TestTerminate(t *testing.T) {
	api := &cfapitest.API{Token: "secret-token"}
	api.Account(accountID)
	api.Inject(cfapitest.Fault{Latency: 300 * time.Millisecond})
	upstream := httptest.NewServer(api)
	defer upstream.Close()
	p := start(t, "--cloudflare.account-id="+accountID, "--cloudflare.api-url="+upstream.URL, "--log.level=debug")
	cmdline, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.Process.Pid), "cmdline"))
	if err != nil || bytes.Contains(cmdline, []byte("secret")) {
		t.Errorf("ps shows %q, %v", cmdline, err)
	}
	answered := make(chan string)
	go func() {
		text := p.metrics(t)
		answered <- text
	}()
	for len(api.Requests()) == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if text := <-answered; !strings.Contains(text, `cloudflare_pcap_up{account="`+accountID+`"} 1`) {
		t.Errorf("the scrape in flight was answered %q", text)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("it ended with %v: %s", err, &p.log.text)
	}
	if got := api.Requests()[0].UserAgent; !strings.HasPrefix(got, "cloudflare_pcap_exporter/") {
		t.Errorf("User-Agent %q", got)
	}
}

// TestHangup changes the configuration file.
func TestHangup(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(captures(1)) }))
	defer upstream.Close()
	file := filepath.Join(t.TempDir(), "config.yml")
	write := func(name string) {
		text := "credentials: {default: {authorization: {credentials: x}}}\naccounts: [{id: " + accountID + ", name: " + name + "}]"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("before")
	p := start(t, "--config.file="+file, "--cloudflare.api-url="+upstream.URL)
	write("after")
	if err := p.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if strings.Contains(p.metrics(t), `name="after"`) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the file was not read again")
}

func TestPortInUse(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	err = run(t.Context(), []string{"--demo", "--web.listen-address=" + listener.Addr().String()}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "--web.listen-address: ") {
		t.Errorf("got %v", err)
	}
}

// TestUnasked has the API send more than its answer, which may repeat the token.
func TestUnasked(t *testing.T) {
	hungUp := make(chan error, 1)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		answer := captures(0)
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(answer), answer)
		time.Sleep(100 * time.Millisecond) // until it has been read: net/http drops what comes with it
		_, _ = io.WriteString(conn, r.Header.Get("Authorization"))
		_, err = io.Copy(io.Discard, conn)
		_ = conn.Close()
		hungUp <- err
	}))
	defer upstream.Close()
	p := start(t, "--cloudflare.account-id="+accountID, "--cloudflare.api-url="+upstream.URL)
	p.metrics(t)
	if err := <-hungUp; err != nil {
		t.Fatal(err)
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil || strings.Contains(p.log.text.String(), "secret-token") {
		t.Errorf("%v: %s", err, &p.log.text)
	}
}

// BenchmarkResident is a process that lists 100,000 captures: its memory before
// and at the peak, and how long after its start the first scrape is answered.
func BenchmarkResident(b *testing.B) {
	none, many := captures(0), captures(100_000)
	answer := none
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(answer) }))
	defer upstream.Close()
	for b.Loop() {
		answer = none
		begin := time.Now()
		p := start(b, "--cloudflare.account-id="+accountID, "--cloudflare.api-url="+upstream.URL)
		p.metrics(b)
		b.ReportMetric(float64(time.Since(begin).Milliseconds()), "ms-to-first-scrape")
		b.ReportMetric(p.memory(b, "VmHWM"), "MiB-idle")
		answer = many
		for range 5 {
			if text := p.metrics(b); !strings.Contains(text, "} 50000\n") {
				b.Fatal("the captures are not listed")
			}
		}
		b.ReportMetric(p.memory(b, "VmHWM"), "MiB-peak")
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkAccounts is a process that lists 1,000 accounts of 50 captures each,
// 16 at once, from an API that takes 100 ms. x-ideal is how much longer than
// that a scrape takes.
func BenchmarkAccounts(b *testing.B) {
	const accounts, latency, concurrency = 1000, 100 * time.Millisecond, 16
	answer := captures(50)
	var connections atomic.Int64
	upstream := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(latency)
		_, _ = w.Write(answer)
	}))
	upstream.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	upstream.Start()
	defer upstream.Close()
	args := []string{"--cloudflare.api-url=" + upstream.URL, "--scrape.timeout=1m", "--cloudflare.rate-limit=0"}
	for i := range accounts {
		args = append(args, fmt.Sprintf("--cloudflare.account-id=%032x", i))
	}
	ideal := latency * accounts / concurrency
	for b.Loop() {
		p := start(b, args...)
		connections.Store(0)
		begin := time.Now()
		text := p.metrics(b)
		b.ReportMetric(float64(time.Since(begin))/float64(ideal), "x-ideal")
		if n := strings.Count(text, "\ncloudflare_pcap_up{"); n != accounts {
			b.Fatalf("%d accounts", n)
		}
		b.ReportMetric(float64(connections.Load()), "connections")
		b.ReportMetric(float64(len(text))/1e6, "MB-exposed")
		b.ReportMetric(p.memory(b, "VmHWM"), "MiB-peak")
	}
	b.ReportMetric(0, "ns/op")
}

// captures is an answer with n captures, half of them in each of two colos.
func captures(n int) []byte {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`{"id":"%032x","type":"full","system":"magic-transit","status":"complete","submitted":"2026-11-22T10:00:00.000000Z",`+
			`"time_limit":300,"packets_captured":%d,"colo_name":"ord%02d"}`, i, i, i%2)
	}
	return []byte(`{"success":true,"result":[` + strings.Join(list, ",") + `]}`)
}

// memory returns a field of the process's status in MiB.
func (p *process) memory(b *testing.B, field string) float64 {
	b.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.Process.Pid), "status"))
	if err != nil {
		b.Fatal(err)
	}
	var kib float64
	_, after, _ := strings.Cut(string(status), field+":")
	if _, err := fmt.Sscan(after, &kib); err != nil {
		b.Fatal(err)
	}
	return kib / 1024
}

// Who never ends a request must not hold its connection for ever.
func TestSlowRequest(t *testing.T) {
	t.Parallel() // it waits for the timeout
	p := start(t, "--demo")
	for _, request := range []string{
		"GET /metrics HTTP/1.1\r\n",
		"GET /sd HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n",
	} {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(p.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		if _, err := io.WriteString(conn, request); err != nil {
			t.Fatal(err)
		}
		if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, conn); err != nil {
			t.Errorf("the connection of %q stays open: %v", request, err)
		}
	}
}

// Who never reads an answer must not keep others from theirs for ever.
func TestSlowReader(t *testing.T) {
	t.Parallel() // it waits for the timeout
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(captures(0)) }))
	defer upstream.Close()
	args := []string{"--cloudflare.api-url=" + upstream.URL, "--cloudflare.rate-limit=0", "--scrape.timeout=1s", "--web.max-requests=1"}
	for i := range 1000 { // more than the buffers on the way hold
		args = append(args, fmt.Sprintf("--cloudflare.account-id=%032x", i))
	}
	p := start(t, args...)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(5 * time.Second) // by then it is being sent
	if text := p.metrics(t); !strings.Contains(text, "too many scrapes") {
		t.Fatalf("there is room for another scrape, so there was nothing to wait for: %.200s", text)
	}
	for range 60 {
		time.Sleep(time.Second)
		if strings.Contains(p.metrics(t), "cloudflare_pcap_up{") {
			return
		}
	}
	t.Error("nobody else is served")
}
