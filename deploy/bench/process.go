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

// process is a program that runs, or this process if there is no Cmd.
type process struct {
	*exec.Cmd

	url    string
	first  []time.Duration // from each start to the first response
	memory []float64       // after it, in MiB

	subject *subject      // requested last
	cpu     time.Duration // used before that
}

// start stops the running program and starts another one. If path is not empty, it requests path.
func (p *process) start(ctx context.Context, path, program string, args ...string) error {
	p.stop()
	p.Cmd = exec.CommandContext(ctx, program, args...) //nolint:gosec // what build returns
	p.Env = append(os.Environ(), "CLOUDFLARE_API_TOKEN=token")
	p.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	log, err := p.StderrPipe()
	if err != nil {
		return err
	}
	begin := time.Now()
	if err := p.Start(); err != nil {
		return err
	}
	logged, lines := "", bufio.NewScanner(log)
	for p.url = ""; p.url == ""; logged += lines.Text() + "\n" {
		if !lines.Scan() {
			return fmt.Errorf("%s does not listen, and logged\n%s", program, logged)
		}
		if _, address, ok := strings.Cut(lines.Text(), `msg="Listening on" address=`); ok {
			p.url = "http://" + address
		}
	}
	go func() { _, _ = io.Copy(io.Discard, log) }()
	if path == "" {
		return nil
	}
	if _, err := get(ctx, p.url+path); err != nil {
		return err
	}
	p.first = append(p.first, time.Since(begin))
	memory, err := p.status("VmRSS:")
	p.memory = append(p.memory, memory)
	return err
}

func (p *process) stop() {
	if p.Cmd != nil && p.Process != nil {
		_ = p.Process.Kill()
		_ = p.Wait()
	}
}

// charge adds the CPU time since the last call to its subject. This includes what the process
// does after a response, such as the rest of a garbage collection.
func (p *process) charge(next *subject) error {
	const sched = 2 // for the clock, as clock_getcpuclockid(3) computes it; /proc counts in steps of 10 ms
	pid := 0
	if p.Cmd != nil {
		pid = p.Process.Pid
	}
	var t unix.Timespec
	err := unix.ClockGettime(int32(^pid<<3|sched), &t) //nolint:gosec // a pid is below 1<<22
	cpu := time.Duration(t.Nano())
	if p.subject != nil {
		p.subject.total += cpu - p.cpu
	}
	p.subject, p.cpu = next, cpu
	return err
}

// status returns a value of /proc/PID/status, in MiB.
func (p *process) status(name string) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	if err != nil {
		return 0, err
	}
	kib, err := number(string(status), name)
	return kib / 1024, err
}

// mallocs returns the number of allocations since the start.
func (p *process) mallocs(ctx context.Context) (float64, error) {
	profile, err := get(ctx, p.url+"/debug/pprof/allocs?debug=1")
	if err != nil {
		return 0, err
	}
	return number(profile, "# Mallocs = ")
}

func number(text, after string) (n float64, err error) {
	_, rest, _ := strings.Cut(text, after)
	_, err = fmt.Sscan(rest, &n)
	return n, err
}
