.PHONY: help test lint fuzz bench demo e2e

help: ## list the targets
	@sed -n 's/^\([a-z0-9]*\):.*## /\1	/p' $(MAKEFILE_LIST)

test: ## run the tests
	go test ./...

lint: ## format, vet, lint
	.ci/run gofmt 'go vet' 'go mod tidy' golangci-lint

fuzz: ## fuzz each target
	.ci/run fuzzing

bench: ## run the benchmarks
	go test -run '^$$' -bench . ./...

demo: ## run the exporter with a simulated API
	go run . --demo

e2e: ## run the end-to-end tests
	.ci/run 'end to end'
