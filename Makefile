# The verbs of the house. `make run` needs Go; `make test` needs Go and Node.

GO      ?= go
TOOLS   := $(CURDIR)/bin
LINT    := $(TOOLS)/golangci-lint
export CGO_ENABLED = 0
# Of bench-growth: filled databases, how many tokens they hold, and the results.
DATA    ?= $(CURDIR)/bin/bench-data
RESULTS ?= $(CURDIR)/bin/bench-results
TOKENS  ?= 100000,1000000

.PHONY: build run test generate check-generated lint race suites rule-proof compat browser vuln bench bench-growth bench-telemetry bench-peers charts clean

build: ## the binary, bin/symbolon
	$(GO) build -trimpath -o bin/symbolon ./cmd/symbolon

run: build ## the demo on an embedded database
	./bin/symbolon demo

test: ## everything CI checks, except the slow suites
	./.ci/test

generate: charts ## all generated files
	$(GO) run ./tools/docs
	$(GO) run ./tools/openapi
	$(GO) run ./tools/settings

check-generated: generate ## generated files are current
	git diff --exit-code -- docs api

lint: ## the linter, installed where it is missing
	./.ci/lint

race: ## all tests under the race detector
	CGO_ENABLED=1 $(GO) test -race ./...

suites: build ## races and kills over real processes, on both databases
	./.ci/suites

rule-proof: ## switching any rule off must show
	$(GO) test ./internal/ruleproof -run TestProof -count=1

compat: build ## published clients against the real binary
	npm --prefix compat/node ci --ignore-scripts && npm --prefix compat/node test
	./.ci/sdks

browser: build ## the front's pages in Chromium; SCREENSHOTS=DIR keeps pictures
	./.ci/browser

vuln: ## known vulnerabilities
	./.ci/vuln

bench: ## CPU per operation beside a bare handler; writes docs/benchmarks.md's table to standard output
	$(GO) test ./bench -run '^$$' -bench Operations -benchtime 1x -timeout 40m

bench-growth: ## few and many tokens, services, clients, on both databases; restarts; upkeep. TOKENS=100000,10000000 takes an hour and 20 GB. Writes to RESULTS
	mkdir -p $(DATA) $(RESULTS)
	$(GO) test ./bench -run '^$$' -bench 'Growth|Restart|Stored' -benchtime 1x -timeout 3h -rounds 3 -seconds 12 -data $(DATA) -tokens $(TOKENS) -report $(RESULTS)
	$(GO) test ./internal/store/sqlstore -run '^$$' -bench Upkeep -benchtime 1x -timeout 1h -report $(RESULTS)

bench-telemetry: ## what metrics and traces add
	$(GO) test ./bench -run '^$$' -bench Telemetry -benchtime 1x -timeout 40m -rounds 4 -seconds 2

bench-peers: ## engine and front beside node-oidc-provider. Needs Node 22
	./bench/peers/run

charts: ## docs/benchmarks/*.svg from the tables beside them
	$(GO) run ./bench/chart docs/benchmarks

clean:
	rm -rf bin symbolon-demo
