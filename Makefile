.PHONY: help test lint fuzz mutation bench demo e2e

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

demo: ## run the exporter with a simulated API
	go run . --demo

e2e: ## run the end-to-end tests
	.ci/run 'end to end'
