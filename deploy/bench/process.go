package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A process is a program that runs.
type process struct {
	*exec.Cmd
	url string
}

func startProcess(ctx context.Context, file string, args ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, file, args...) //nolint:gosec // chosen by the user
	cmd.Env = append(os.Environ(), "CLOUDFLARE_API_TOKEN=token")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	log, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p, logged := &process{Cmd: cmd}, ""
	for lines := bufio.NewScanner(log); p.url == ""; logged += lines.Text() + "\n" {
		if !lines.Scan() {
			p.stop()
			return nil, fmt.Errorf("%s does not listen, and logged\n%s", file, logged)
		}
		if _, address, ok := strings.Cut(lines.Text(), `msg="Listening on" address=`); ok {
			p.url = "http://" + address
		}
	}
	go func() { _, _ = io.Copy(io.Discard, log) }()
	return p, nil
}

func (p *process) stop() {
	_ = p.Process.Kill()
	_ = p.Wait()
}

// cpu returns the CPU time that the process has used. /proc counts it in steps of 10 ms.
func (p *process) cpu() (time.Duration, error) {
	const sched = 2 // for the clock, as clock_getcpuclockid(3) computes it
	var t unix.Timespec
	err := unix.ClockGettime(int32(^p.Process.Pid<<3|sched), &t) //nolint:gosec // a pid is below 1<<22
	return time.Duration(t.Nano()), err
}

// peakMemory returns the maximum resident size in MiB.
func (p *process) peakMemory() (mib float64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	_, err = fmt.Sscan(rest, &mib)
	return mib / 1024, err
}
