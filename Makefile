.PHONY: help test lint fuzz mutation bench mixin chart demo e2e
JSONNET := go run github.com/google/go-jsonnet/cmd/jsonnet@v0.22.0
CHART := deploy/helm/cloudflare-pcap-exporter

help: ## list the targets
	@sed -n 's/^\([a-z0-9]*\):.*## /\1	/p' $(MAKEFILE_LIST)

test: ## run the tests
	go test ./...

lint: ## format, vet, lint
	.ci/run gofmt 'go vet' 'go mod tidy' golangci-lint

fuzz: ## fuzz each target
	.ci/run fuzzing

mutation: ## break places that matter, and see the tests fail
	go run ./.ci/mutation

bench: ## compare with floors and other programs
	@go -C deploy/bench run . $(BENCHFLAGS)

mixin: ## make the alerts and the dashboards
	$(JSONNET) --string -o deploy/prometheus/alerts.yml deploy/mixin/alerts.jsonnet
	$(JSONNET) -m deploy/grafana/dashboards -e "(import 'deploy/mixin/mixin.libsonnet').grafanaDashboards"

chart: mixin ## copy rules and dashboards into the Helm chart, and list its values
	cp deploy/prometheus/alerts.yml $(CHART)/files/
	cp deploy/grafana/dashboards/*.json $(CHART)/files/dashboards/
	go run github.com/norwoodj/helm-docs/cmd/helm-docs@v1.14.2 --chart-search-root $(CHART) --sort-values-order file

demo: ## run the exporter with a simulated API
	go run . --demo

e2e: ## run the end-to-end tests
	.ci/run 'end to end'
