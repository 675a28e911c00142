package e2e

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// golang is the image that the Dockerfile builds on. No registry is asked, and
// another stands for it here: what is checked is the Dockerfile, not that image.
const golang = "docker.io/library/golang:1.26"

// images is a store of images of its own, below a temporary folder.
type images struct {
	t     *testing.T
	store string
}

// newImages returns a store with the stand-in for golang. Its folders belong to
// several users, which is why t.TempDir could not remove them.
func newImages(t *testing.T) images {
	t.Helper()
	if _, err := exec.LookPath("buildah"); err != nil {
		t.Fatalf("%v: run apt-get install buildah", err)
	}
	if os.Geteuid() != 0 {
		t.Fatal("this test changes roots and users: run it as root")
	}
	if err := command("../..", nil, "go", "mod", "download"); err != nil {
		t.Fatal(err)
	}
	store, err := os.MkdirTemp("", "images")
	if err != nil {
		t.Fatal(err)
	}
	i := images{t, store}
	t.Cleanup(func() {
		_ = exec.CommandContext(context.Background(), "buildah", i.args("rm", "--all")...).Run()
		if err := os.RemoveAll(store); err != nil {
			t.Error(err)
		}
	})
	i.base()
	return i
}

// buildah returns what the command prints.
func (i images) buildah(args ...string) string {
	i.t.Helper()
	cmd := exec.CommandContext(i.t.Context(), "buildah", i.args(args...)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		i.t.Fatalf("buildah %v: %v\n%s%s", args, err, out, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

func (i images) args(args ...string) []string {
	return append([]string{"--root", i.store + "/root", "--runroot", i.store + "/run", "--storage-driver", "vfs"}, args...)
}

// base makes an image of a shell and certificates. Go, what it has compiled and
// its modules are mounted into it when it is used, so that nothing is
// copied or fetched.
func (i images) base() {
	i.t.Helper()
	busybox, err := exec.LookPath("busybox")
	if err == nil {
		err = isStatic(busybox)
	}
	if err != nil {
		i.t.Fatalf("%v: run apt-get install busybox-static", err)
	}
	c := i.buildah("from", "scratch")
	i.buildah("copy", c, busybox, "/bin/sh")
	i.buildah("copy", c, "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs/")
	i.buildah("config", "--env", "PATH=/usr/local/go/bin:/bin", "--env", "GOPATH=/go", "--env", "HOME=/root", "--env", "GOTMPDIR=/root",
		"--env", "GOTOOLCHAIN=local", "--env", "GOPROXY=file:///go/pkg/mod/cache/download", "--env", "GONOSUMDB=*", c)
	i.buildah("commit", "--quiet", "--rm", c, golang)
}

// build returns the name of the image for an architecture.
func (i images) build(arch string) (image string) {
	i.t.Helper()
	image = "localhost/exporter:" + arch
	i.buildah("bud", "--quiet", "--isolation", "chroot", "--pull-never",
		"--format", "docker", // the other one knows no health check
		"--volume", goEnv(i.t, "GOROOT")+":/usr/local/go:ro",
		"--volume", goEnv(i.t, "GOMODCACHE")+":/go/pkg/mod",
		"--volume", goEnv(i.t, "GOCACHE")+":/root/.cache/go-build",
		"--build-arg", "TARGETARCH="+arch, "--build-arg", "VERSION=1.2.3", "--build-arg", "REVISION=abcdef", "--tag", image, "../..")
	return image
}

// container returns the name of a container of an image, and where its root is.
func (i images) container(image string) (name, root string) {
	i.t.Helper()
	name = i.buildah("from", "--pull-never", "--cap-drop", "all", image)
	return name, i.buildah("mount", name)
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// descendant returns the process that runs a program, of those below another, or
// 0.
func descendant(t *testing.T, pid int, program string) int {
	t.Helper()
	if line := readFile(t, fmt.Sprintf("/proc/%d/cmdline", pid)); strings.HasPrefix(line, program+"\x00") {
		return pid
	}
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, thread := range threads {
		for child := range strings.FieldsSeq(readFile(t, thread)) {
			pid, err := strconv.Atoi(child)
			if err != nil {
				t.Fatal(err)
			}
			if found := descendant(t, pid, program); found != 0 {
				return found
			}
		}
	}
	return 0
}

// readFile returns no text of what has ended.
func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ESRCH) {
		t.Fatal(err)
	}
	return string(text)
}
