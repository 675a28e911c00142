package e2e

import (
	"bytes"
	"debug/elf"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestImage(t *testing.T) {
	i := newImages(t)
	for arch, machine := range map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64} {
		_, root := i.container(i.build(arch))
		i.contents(root, machine)
	}
	image := "localhost/exporter:" + runtime.GOARCH
	i.inspect(image)
	i.runs(image)
	i.runsReadOnly(image)
}

// contents are the binary, which needs nothing else, and certificates.
func (i images) contents(root string, machine elf.Machine) {
	i.t.Helper()
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, strings.TrimPrefix(path, root))
		}
		return err
	})
	if want := []string{"/bin/cloudflare_pcap_exporter", "/etc/ssl/certs/ca-certificates.crt"}; err != nil || !slices.Equal(files, want) {
		i.t.Fatalf("the image for %v has %v, %v", machine, files, err)
	}
	binary, err := elf.Open(root + files[0])
	if err != nil {
		i.t.Fatal(err)
	}
	defer binary.Close() //nolint:errcheck // it was only read
	if err := isStatic(root + files[0]); err != nil || binary.Machine != machine {
		i.t.Errorf("the binary is for %v, want %v; %v", binary.Machine, machine, err)
	}
	if certificates, err := os.ReadFile(root + files[1]); err != nil || !bytes.Contains(certificates, []byte("BEGIN CERTIFICATE")) {
		i.t.Errorf("no certificates: %v", err)
	}
}

// isStatic returns an error if a program needs libraries.
func isStatic(program string) error {
	file, err := elf.Open(program)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	if file.Section(".interp") != nil {
		return fmt.Errorf("%s is not static", program)
	}
	return nil
}

// inspect looks at what a container engine is told.
func (i images) inspect(image string) {
	i.t.Helper()
	var inspected struct {
		Docker struct {
			Config struct {
				User         string
				Labels       map[string]string
				ExposedPorts map[string]any
				Healthcheck  struct{ Test []string }
				Entrypoint   []string
			} `json:"config"`
		}
	}
	if err := json.Unmarshal([]byte(i.buildah("inspect", "--type", "image", image)), &inspected); err != nil {
		i.t.Fatal(err)
	}
	config := inspected.Docker.Config
	const label = "org.opencontainers.image."
	got := fmt.Sprintln(config.User, config.ExposedPorts, config.Healthcheck.Test, config.Entrypoint,
		config.Labels[label+"title"], config.Labels[label+"licenses"], config.Labels[label+"version"], config.Labels[label+"revision"])
	const want = "65532:65532 map[17227/tcp:map[]] [CMD /bin/cloudflare_pcap_exporter --health-check] [/bin/cloudflare_pcap_exporter]" +
		" cloudflare_pcap_exporter Apache-2.0 1.2.3 abcdef\n"
	if got != want {
		i.t.Errorf("the image is\n%swant\n%s", got, want)
	}
}

// runs starts a container, and has the binary in it ask whether it serves.
func (i images) runs(image string) {
	i.t.Helper()
	c, _ := i.container(image)
	run := func(args ...string) []string {
		return append([]string{"run", "--isolation", "chroot", c, "--", "/bin/cloudflare_pcap_exporter"}, args...)
	}
	exporter := start(i.t, nil, "buildah", i.args(run("--demo", "--web.listen-address=127.0.0.1:0")...)...)
	pid := descendant(i.t, exporter.cmd.Process.Pid, "/bin/cloudflare_pcap_exporter")
	if pid == 0 {
		i.t.Fatal("it runs nowhere below buildah")
	}
	i.t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) }) // it outlives buildah

	if body, err := get(i.t, http.DefaultClient, "http://"+exporter.addr+"/metrics"); err != nil || !strings.Contains(body, `version="1.2.3"`) {
		i.t.Errorf("its metrics: %v\n%s", err, body)
	}
	status := readFile(i.t, fmt.Sprintf("/proc/%d/status", pid))
	for _, want := range []string{"Uid:\t65532\t65532\t65532\t65532\n", "Gid:\t65532\t65532\t65532\t65532\n", "CapPrm:\t0000000000000000\n"} {
		if !strings.Contains(status, want) {
			i.t.Errorf("its status lacks %q:\n%s", want, status)
		}
	}
	i.buildah(run("--health-check", "--web.listen-address="+exporter.addr)...)
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		i.t.Error(err)
	}
	if err := exporter.wait(); err != nil {
		i.t.Errorf("at SIGTERM it ends with %v", err)
	}
}

// runsReadOnly starts the binary where it can write to nothing, as buildah
// cannot.
func (i images) runsReadOnly(image string) {
	i.t.Helper()
	_, root := i.container(image)
	exporter := start(i.t, nil, "unshare", "--mount", "sh", "-ec", `
		mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"
		! touch "$0/written" 2>/dev/null
		exec chroot --userspec=65532:65532 "$0" "$@"`,
		root, "/bin/cloudflare_pcap_exporter", "--demo", "--web.listen-address=127.0.0.1:0")
	if _, err := get(i.t, http.DefaultClient, "http://"+exporter.addr+"/metrics"); err != nil {
		i.t.Error(err)
	}
}
