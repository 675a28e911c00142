// Command alloy reads a configuration of Grafana Alloy and checks it with Alloy's own
// parser: its syntax and format, the names and types of its settings, and its references.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/grafana/alloy/syntax/parser"
	"github.com/grafana/alloy/syntax/printer"
	"github.com/grafana/alloy/syntax/vm"
)

// config has the components and settings that are used, with their names in Alloy's
// reference: https://grafana.com/docs/alloy/latest/reference/components/prometheus/
type config struct {
	Scrape struct {
		Label          string              `alloy:",label"`
		Targets        []map[string]string `alloy:"targets,attr"`
		ForwardTo      []string            `alloy:"forward_to,attr"`
		JobName        string              `alloy:"job_name,attr"`
		ScrapeInterval string              `alloy:"scrape_interval,attr"`
		HonorLabels    bool                `alloy:"honor_labels,attr"`
	} `alloy:"prometheus.scrape,block"`
	RemoteWrite struct {
		Label    string `alloy:",label"`
		Endpoint struct {
			URL string `alloy:"url,attr"`
		} `alloy:"endpoint,block"`
	} `alloy:"prometheus.remote_write,block"`
}

func main() {
	if err := check(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "alloy:", err)
		os.Exit(1)
	}
}

func check(input io.Reader) error {
	source, err := io.ReadAll(input)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile("configuration", source)
	if err != nil {
		return err
	}
	var formatted bytes.Buffer
	if err := printer.Fprint(&formatted, file); err != nil {
		return err
	}
	if formatted.String() != string(bytes.TrimSuffix(source, []byte("\n"))) {
		return fmt.Errorf("not formatted, want:\n%s", &formatted)
	}
	receiver := map[string]any{"default": map[string]any{"receiver": "metrics"}}
	scope := &vm.Scope{Variables: map[string]any{"prometheus": map[string]any{"remote_write": receiver}}}
	var c config
	if err := vm.New(file).Evaluate(scope, &c); err != nil {
		return err
	}
	if _, ok := receiver[c.RemoteWrite.Label]; !ok || !c.Scrape.HonorLabels {
		return errors.New("the receiver is not default, or honor_labels is not true")
	}
	return nil
}
