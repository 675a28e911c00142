package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"
)

// process is a program that listens on a loopback port.
type process struct {
	cmd  *exec.Cmd
	wait func() error // for its end; may be called more than once
	addr string
	log  string // path
}

var listening = regexp.MustCompile(`msg="Listening on".* address=(127\.0\.0\.1:\d+)`)

// start starts a program that chooses its port and logs it. It is killed at the
// end of the test.
func start(t *testing.T, env []string, binary string, args ...string) *process {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close() //nolint:errcheck // the process has a handle of its own
	p := &process{cmd: exec.CommandContext(t.Context(), binary, args...), log: log.Name()}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.wait = sync.OnceValue(p.cmd.Wait)
	t.Cleanup(func() {
		_ = p.wait() // it was killed
		if t.Failed() {
			t.Logf("log of %s:\n%s", filepath.Base(binary), p.logged(t))
		}
	})
	eventually(t, func() error {
		found := listening.FindSubmatch(p.logged(t))
		if found == nil {
			return fmt.Errorf("%s does not listen", binary)
		}
		p.addr = string(found[1])
		return nil
	})
	return p
}

func (p *process) logged(t *testing.T) []byte {
	t.Helper()
	log, err := os.ReadFile(p.log)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

const (
	polls        = 300
	pollInterval = 200 * time.Millisecond
)

// eventually fails the test unless check comes to succeed.
func eventually(t *testing.T, check func() error) {
	t.Helper()
	var err error
	for range polls {
		if err = check(); err == nil {
			return
		}
		time.Sleep(pollInterval)
	}
	t.Fatalf("still after %d polls: %v", polls, err)
}
