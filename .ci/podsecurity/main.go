// Command podsecurity reads manifests and fails unless a namespace that enforces the
// restricted Pod Security Standard admits the pods of their Deployments. It uses the same
// code as the API server.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

func main() {
	if err := run(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "podsecurity:", err)
		os.Exit(1)
	}
}

func run(manifests io.Reader) error {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks())
	if err != nil {
		return err
	}
	restricted := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	for decoder, found := yaml.NewYAMLOrJSONDecoder(bufio.NewReader(manifests), 4096), false; ; {
		var d appsv1.Deployment
		switch err := decoder.Decode(&d); {
		case errors.Is(err, io.EOF) && !found:
			return errors.New("there is no Deployment")
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case d.Kind != "Deployment":
			continue
		}
		found = true
		pod := d.Spec.Template
		result := policy.AggregateCheckResults(evaluator.EvaluatePod(restricted, &pod.ObjectMeta, &pod.Spec))
		if !result.Allowed {
			return fmt.Errorf("%s: %s", d.Name, result.ForbiddenDetail())
		}
	}
}
