package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/flags"
)

const (
	accountID = "023e105f4ecef8ad9ca31a8372d0c353"
	token     = "secret-token"
	scrape    = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
)

// TestMain runs the program instead of the tests in a process of newProcess.
func TestMain(m *testing.M) {
	if os.Getenv("TEST_RUN_MAIN") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// Most errors are tested in collector/flags. A service manager restarts the exporter only after
// exit status 75, if that can help.
func TestRun(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	t.Setenv("CLOUDFLARE_API_TOKEN", token)
	inUse, account := "--demo --web.listen-address="+listener.Addr().String(), "--config.check --cloudflare.account-id="+accountID
	for args, want := range map[string]string{ //nolint:gosec // no credentials
		"--version":                           "go version:",
		"--help":                              "--cloudflare.account-id",
		account:                               "the configuration is valid\n",
		"--log.level=loud":                    "status 1: --log.level: ",
		"--demo --web.listen-address=nowhere": "status 1: --web.listen-address: ",
		inUse:                                 "status 75: --web.listen-address: listen tcp",
		"--demo --web.listen-address=192.0.2.1:0":           "status 75: --web.listen-address: listen tcp", // it may be added later
		"--demo --config.file=x.yml":                        "status 1: --demo has its own accounts and API: remove --config.file",
		"--health-check --web.listen-address=127.0.0.1:1":   "status 1: no response from the exporter at 127.0.0.1:1: dial tcp",
		account + " --cloudflare.api-token-file=/nowhere/t": "status 1: --cloudflare.api-token-file ($CLOUDFLARE_API_TOKEN_FILE): ",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // ends run if there is no error
		var out strings.Builder
		if err := run(ctx, strings.Fields(args), &out, io.Discard); err != nil {
			fmt.Fprintf(&out, "status %d: %v", exitStatus(err), err)
		}
		cancel()
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: got %s, want %s", args, out.String(), want)
		}
	}
	p := newProcess(t, strings.Fields(inUse)...)
	if _ = p.Run(); p.ProcessState.ExitCode() != exitTemporary {
		t.Errorf("exit status %d", p.ProcessState.ExitCode())
	}
}

// Tests of processes read the other format.
func TestNewLogger(t *testing.T) {
	var out strings.Builder
	logger := newLogger(&out, &flags.Flags{LogLevel: "info", LogFormat: "json"})
	level.Debug(logger).Log("msg", "x")
	level.Info(logger).Log("msg", "x")
	if want := `{"level":"info","msg":"x"}` + "\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// process is the exporter as a process.
type process struct {
	*exec.Cmd
	output  string // path of a file
	address string
}

// newProcess returns a process with a token in its environment. It has not started.
func newProcess(t *testing.T, args ...string) *process {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	output, err := os.Create(filepath.Join(t.TempDir(), "output"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = output.Close() })
	p := &process{Cmd: exec.CommandContext(t.Context(), program, append(args, "--web.listen-address=127.0.0.1:0")...), output: output.Name()}
	p.Env = append(os.Environ(), "TEST_RUN_MAIN=1", "CLOUDFLARE_API_TOKEN="+token)
	p.Stdout, p.Stderr = output, output
	return p
}

var listening = regexp.MustCompile(`(?:msg="Listening on" address=|open http://)([\d.:]+)`)

// start waits until the process listens.
func (p *process) start(t *testing.T) *process {
	t.Helper()
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Wait() }) // the end of t.Context() kills the process
	eventually(t, "the process listens", func() bool {
		match := listening.FindStringSubmatch(p.text(t))
		if match != nil {
			p.address = match[1]
		}
		return match != nil
	})
	return p
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("timeout before %s", what)
		}
	}
}

func (p *process) text(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(p.output)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// terminate checks that the process ends with status 0 after SIGTERM.
func (p *process) terminate(t *testing.T) {
	t.Helper()
	if err := errors.Join(p.Process.Signal(syscall.SIGTERM), p.Wait()); err != nil {
		t.Errorf("%v: %s", err, p.text(t))
	}
}

// get returns the body of a response.
func (p *process) get(t *testing.T, path string) string {
	t.Helper()
	body, err := io.ReadAll(response(t, p.send(t, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n")).Body)
	if err != nil {
		t.Error(err)
	}
	return string(body)
}

// send sends a request over a new connection.
func (p *process) send(t *testing.T, request string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	return conn
}

// response waits for the header of a response to send.
func response(t *testing.T, conn net.Conn) *http.Response {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func TestDemo(t *testing.T) {
	p := newProcess(t, "--demo", "--collector.capture-series=all").start(t)
	text := p.get(t, "/metrics")
	for _, want := range []string{
		`cloudflare_pcap_up{account="` + simulation.DemoProdID + `"} 1`, `cloudflare_pcap_up{account="` + simulation.DemoLabID + `"} 1`,
		`name="edge-prod"`, `status="complete"`, `reason="bucket"`, `cloudflare_pcap_exporter_build_info{`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("missing %s", want)
		}
	}
	if strings.Contains(text, simulation.Secret) || strings.Contains(text, `version=""`) {
		t.Error("a secret, or no version")
	}
	eventually(t, "the status page shows a scrape of the demo's own", func() bool { return strings.Contains(p.get(t, "/"), "0c5e1f3a") })
	if want := "curl http://" + p.address + "/metrics\n"; !strings.Contains(p.text(t), want) {
		t.Errorf("missing %s in %s", want, p.text(t))
	}
	if err := run(t.Context(), []string{"--health-check", "--web.listen-address=" + p.address}, io.Discard, io.Discard); err != nil {
		t.Error(err)
	}
}

// A log whose reader is gone must not end the exporter, as SIGPIPE would.
func TestLogReaderIsGone(t *testing.T) {
	p := newProcess(t, "--demo", "--log.level=debug")
	reader, log, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.Stderr = log
	p.start(t)
	if err := errors.Join(log.Close(), reader.Close()); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if !strings.Contains(p.get(t, "/metrics"), "cloudflare_pcap_up") {
			t.Error("a scrape failed")
		}
	}
	p.terminate(t)
}

// newAPI returns a simulated API with a fault, and the flags for it.
func newAPI(t *testing.T, fault simulation.Fault) (api *simulation.API, args []string) {
	t.Helper()
	api = &simulation.API{Token: token}
	api.Account(accountID)
	api.Inject(fault)
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	return api, []string{"--cloudflare.api-url=" + server.URL, "--cloudflare.account-id=" + accountID}
}

// newLarge starts a process whose metrics exceed the buffers of a connection.
func newLarge(t *testing.T, fault simulation.Fault, flags ...string) (*simulation.API, *process) {
	t.Helper()
	api, args := newAPI(t, fault)
	for i := range 1000 {
		id := fmt.Sprintf("%032x", i)
		api.Account(id)
		args = append(args, "--cloudflare.account-id="+id)
	}
	args = append(args, "--cloudflare.rate-limit=0")
	return api, newProcess(t, append(args, flags...)...).start(t)
}

// A scrape that has begun before SIGTERM succeeds, however slowly it is read.
func TestTerminate(t *testing.T) {
	t.Parallel() // it waits
	api, p := newLarge(t, simulation.Fault{Latency: time.Millisecond})
	conn := p.send(t, scrape)
	eventually(t, "the scrape begins", func() bool { return len(api.Requests()) > 0 })
	ended := make(chan struct{})
	go func() {
		p.terminate(t)
		close(ended)
	}()
	resp := response(t, conn)
	time.Sleep(2 * time.Second)
	body, err := io.ReadAll(resp.Body)
	if err != nil || !bytes.Contains(body, []byte(`cloudflare_pcap_up{account="`+accountID+`"} 1`)) {
		t.Errorf("error %v, response %.200s", err, body)
	}
	<-ended
}

// A second signal ends the process while a scrape is in flight.
func TestTerminateTwice(t *testing.T) {
	api, args := newAPI(t, simulation.Fault{Hang: true})
	p := newProcess(t, args...).start(t)
	p.send(t, scrape)
	eventually(t, "the scrape begins", func() bool { return len(api.Requests()) > 0 })
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	eventually(t, "the process ends", func() bool {
		_ = p.Process.Signal(syscall.SIGTERM) // fails after the end
		return len(ended) > 0
	})
	err := <-ended
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGTERM {
		t.Errorf("the process ended with %v", err)
	}
}

func TestHangup(t *testing.T) {
	_, args := newAPI(t, simulation.Fault{})
	file := filepath.Join(t.TempDir(), "config.yml")
	write := func(name string) {
		text := "credentials: {default: {authorization: {credentials: x}}}\naccounts: [{id: " + accountID + ", name: " + name + "}]"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("before")
	p := newProcess(t, args[0], "--config.file="+file).start(t)
	write("after")
	_ = p.Process.Signal(syscall.SIGHUP)
	if !strings.Contains(p.text(t), "$CLOUDFLARE_API_TOKEN is not used: ") {
		t.Error("the log does not say which token counts")
	}
	eventually(t, "the file is read again", func() bool { return strings.Contains(p.get(t, "/metrics"), `name="after"`) })
}

// Unsolicited responses of the API are not logged, because they can contain the token.
func TestUnsolicitedResponse(t *testing.T) {
	closed := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		const body = `{"success":true,"result":[]}`
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		time.Sleep(100 * time.Millisecond) // net/http drops what arrives together with the response
		_, _ = io.WriteString(conn, r.Header.Get("Authorization"))
		_, err = io.Copy(io.Discard, conn)
		_ = conn.Close()
		closed <- err
	}))
	defer server.Close()
	p := newProcess(t, "--cloudflare.account-id="+accountID, "--cloudflare.api-url="+server.URL).start(t)
	p.get(t, "/metrics")
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	p.terminate(t)
	if text := p.text(t); strings.Contains(text, token) {
		t.Errorf("the log contains the token: %s", text)
	}
}

// A client that sends or reads too slowly is disconnected.
func TestSlowClients(t *testing.T) {
	t.Parallel() // it waits for timeouts
	_, p := newLarge(t, simulation.Fault{}, "--scrape.timeout=1s", "--web.max-requests=1")
	response(t, p.send(t, scrape)) // the rest is not read
	if text := p.get(t, "/metrics"); !strings.Contains(text, "too many concurrent scrapes") {
		t.Errorf("the first scrape does not block others: %.200s", text)
	}
	for _, request := range []string{"GET /metrics HTTP/1.1\r\n", "GET /sd HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"} {
		conn := p.send(t, request)
		if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, conn); err != nil {
			t.Errorf("the connection of %q stays open: %v", request, err)
		}
	}
	eventually(t, "another scrape is served", func() bool { return strings.Contains(p.get(t, "/metrics"), "cloudflare_pcap_up{") })
}
