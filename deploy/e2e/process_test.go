package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
)

// process is a program that listens on a loopback port.
type process struct {
	cmd  *exec.Cmd
	wait func() error // waits for the exit; may be called repeatedly
	addr string
	log  string // path of the log file
}

var listening = regexp.MustCompile(`msg="Listening on".* address=(127\.0\.0\.1:\d+)`)

// start starts a program that logs its address, and waits until it listens. The end of
// the test kills it.
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
			t.Logf("log of %s:\n%s", filepath.Base(binary), p.readLog(t))
		}
	})
	eventually(t, func() error {
		found := listening.FindSubmatch(p.readLog(t))
		if found == nil {
			return fmt.Errorf("%s is not listening", binary)
		}
		p.addr = string(found[1])
		return nil
	})
	return p
}

func (p *process) readLog(t *testing.T) []byte {
	t.Helper()
	log, err := os.ReadFile(p.log)
	if err != nil {
		t.Fatal(err)
	}
	return log
}
