# Every target that is meant for people carries one line of help behind "##"; `make` alone prints them.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

# Packages tested at a time, each with up to four tests: they run control planes and Kafka nodes, and mostly wait for them.
TEST_PARALLEL ?= 2
# Handed on to go test, e.g. TEST_ARGS='-run TestControlPlane -v'.
TEST_ARGS ?=
FUZZTIME ?= 30s
# Handed on to the benchmark.
BENCH_ARGS ?=

.PHONY: help
help: ## Print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

##### Building #####

.PHONY: build
build: ## Build the shipped programs into bin/
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -o bin/ ./cmd/...

.PHONY: generate
generate: bin/controller-gen ## Regenerate deep copies and CRDs from pkg/apis
	bin/controller-gen object paths=./pkg/apis/...
	bin/controller-gen crd paths=./pkg/apis/... output:crd:dir=manifests/crds

.PHONY: tidy
tidy: ## Tidy every module of the repository
	@for module in . $(NESTED_MODULES); do (set -x; go mod tidy -C "$$module"); done

.PHONY: fmt
fmt: bin/golangci-lint ## Format all Go code
	bin/golangci-lint fmt ./...

##### Checking #####

.PHONY: test
test: controlplane kafka browser bin/promql ## Run all tests, on a real control plane, real Kafka and in a real browser (TEST_ARGS='-run … -v')
	go test -p $(TEST_PARALLEL) -parallel 4 -timeout 30m $(TEST_ARGS) ./...
	@$(MAKE) -s say-what-is-missing

.PHONY: test-unit
test-unit: ## Run the tests that need neither a control plane nor Kafka
	go test -short $(TEST_ARGS) ./...

.PHONY: lint
lint: bin/golangci-lint ## Lint all Go code; the rules of the architecture are among the rules
	bin/golangci-lint run ./...

.PHONY: verify
verify: ## Check that generated files and go.mod files are current; wants everything else committed
	@$(MAKE) generate tidy
	@changed=$$(git status --porcelain); if [ -n "$$changed" ]; then git --no-pager diff; \
		echo "verify: not current, or not committed:"; echo "$$changed"; exit 1; fi

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME each (default 30s)
	@for package in $$(go list ./pkg/...); do \
		for target in $$(go test -list '^Fuzz' "$$package" | grep '^Fuzz' || true); do \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x "$$package"; done; done

SPECS ?= 20000
# Another seed each time, unless one is given.
SEED := $(or $(SEED),$(shell date +%s))

.PHONY: differential
differential: kafka-every ## Compare our verdicts and tables with real brokers of every version (SPECS=20000 topics each, SEED=…)
	@echo "SEED=$(SEED) SPECS=$(SPECS)"
	EVERY_KAFKA=true SEED=$(SEED) SPECS=$(SPECS) go test -count=1 -p 1 -parallel 3 -timeout 60m $(TEST_ARGS) ./test/tables ./test/differential

.PHONY: tables
tables: kafka-every ## Ask real brokers of every version for their topic configs and write pkg/topicconfig/data anew
	go test -count=1 ./test/tables -update

.PHONY: bench
bench: controlplane kafka ## Measure everything beside its floor (BENCH_ARGS='-write', '-quick', '-only handlers', …; -help lists all)
	@go build -trimpath -o bin/bench ./test/bench
	@exec bin/bench $(BENCH_ARGS)

##### Trying it #####

.PHONY: demo
demo: ## Start everything on this machine and play a guided tour (KAFKA=apache KAFKA_VERSION=… TOUR_ONLY=1)
	@bash test/demo/preflight.sh '$(KAFKA)' '$(KAFKA_VERSION)' '$(firstword $(KAFKA_VERSIONS))'
	@$(MAKE) -s controlplane $(if $(filter apache,$(KAFKA)),bin/kafka/$(or $(KAFKA_VERSION),$(firstword $(KAFKA_VERSIONS)))/.complete)
	@echo "building webhook, syncer and demo (about 2 minutes the first time) ..."
	@CGO_ENABLED=0 go build -trimpath -o bin/ ./cmd/... ./test/demo
	@exec bin/demo --kafka='$(or $(KAFKA),kfake)' --kafka-version='$(KAFKA_VERSION)' $(if $(filter-out 0 no false,$(TOUR_ONLY)),--tour-only)

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf bin .demo

##### Parts: pinned, built or fetched once, again only when their pins change #####

NESTED_MODULES := test/controlplane test/promql tools/gen tools/lint

.PHONY: tools
tools: bin/controller-gen bin/kustomize bin/golangci-lint ## Build the pinned tools into bin/

bin/controller-gen bin/kustomize &: tools/gen/go.mod tools/gen/go.sum
	@echo "building controller-gen and kustomize (under a minute the first time) ..."
	@mkdir -p bin; go build -C tools/gen -o '$(CURDIR)/bin/' tool
	@touch bin/controller-gen bin/kustomize

bin/golangci-lint: tools/lint/go.mod tools/lint/go.sum
	@echo "building golangci-lint (about 2 minutes the first time) ..."
	@mkdir -p bin; go build -C tools/lint -o '$(CURDIR)/bin/' tool
	@touch $@

bin/promql: test/promql/go.mod test/promql/go.sum $(wildcard test/promql/*.go)
	@echo "building promql, which answers the queries of dashboard and alerts (about a minute the first time) ..."
	@mkdir -p bin; CGO_ENABLED=0 go build -C test/promql -trimpath -o '$(CURDIR)/$@' .
	@touch $@

CONTROLPLANE := bin/controlplane

.PHONY: controlplane
controlplane: $(addprefix $(CONTROLPLANE)/,etcd kube-apiserver kube-controller-manager kubectl) ## Build kube-apiserver, kube-controller-manager, kubectl and etcd into bin/controlplane

KUBE_VERSION = $(shell go list -C test/controlplane -m -f '{{.Version}}' k8s.io/kubernetes)
KUBE_PARTS = $(subst ., ,$(KUBE_VERSION:v%=%))
# Without a version stamped in, a server calls itself v0.0.0 and clients refuse to speak to it.
KUBE_STAMP = $(addprefix -X k8s.io/component-base/version.,gitVersion=$(KUBE_VERSION) \
	gitMajor=$(word 1,$(KUBE_PARTS)) gitMinor=$(word 2,$(KUBE_PARTS)))

PACKAGE = k8s.io/kubernetes/cmd/$*
$(CONTROLPLANE)/etcd: PACKAGE = go.etcd.io/etcd/server/v3
TAKES = about a minute
$(CONTROLPLANE)/kube-apiserver: TAKES = 3 to 5 minutes

$(CONTROLPLANE)/%: test/controlplane/go.mod test/controlplane/go.sum
	@echo "building $* ($(TAKES) the first time) ..."
	@mkdir -p $(@D)
	@CGO_ENABLED=0 go build -C test/controlplane -trimpath -ldflags '-s -w $(KUBE_STAMP)' -o '$(CURDIR)/$@' $(PACKAGE)
	@touch $@

KAFKA_VERSIONS := 4.4.0 4.3.1 3.9.2
# Client applications (Streams, Connect) for tests to start: the newest release of them that can be resolved.
KAFKA_APPS := 4.3.1
# The newest releases of the other lines that have a table of topic configs; only the full comparison needs them.
KAFKA_OTHERS := 4.2.1 4.1.2 4.0.2 3.8.1 3.7.2
# What real Kafka needs and this machine lacks. Its tests are then skipped, or fail under CI=true.
KAFKA_LACKS := $(if $(shell command -v mvn),,Maven) $(if $(or $(JAVA_HOME),$(shell command -v java)),,JDK)

.PHONY: kafka
kafka: $(if $(strip $(KAFKA_LACKS)),say-what-is-missing,$(KAFKA_VERSIONS:%=bin/kafka/%/.complete) $(KAFKA_APPS:%=bin/kafka-apps/%/.complete)) ## Fetch the jars of the Kafka releases under test into bin/kafka (needs Maven)

# The mark comes last: a directory that a broken download left half full is not taken for a release.
bin/kafka/%/.complete: test/kafka/pom.xml
	@echo "fetching Kafka $* (about half a minute the first time) ..."
	@mvn -B -q -f test/kafka/pom.xml -Dkafka.version=$* -Djars.dir='$(CURDIR)/bin/kafka/$*' package
	@touch $@

bin/kafka-apps/%/.complete: test/kafka/apps/pom.xml
	@echo "fetching Kafka Streams and Connect $* (about half a minute the first time) ..."
	@mvn -B -q -f test/kafka/apps/pom.xml -Dkafka.version=$* -Djars.dir='$(CURDIR)/bin/kafka-apps/$*' package
	@touch $@

.PHONY: kafka-every
kafka-every: kafka $(if $(strip $(KAFKA_LACKS)),,$(KAFKA_OTHERS:%=bin/kafka/%/.complete))

# Where the audit's page is tried: BROWSER, or a headless Chromium from Debian's archive, unpacked without touching the system.
BROWSER_LACKS := $(if $(BROWSER),,$(if $(and $(shell command -v apt-get),$(shell command -v dpkg-deb)),,browser))

.PHONY: browser
browser: $(if $(BROWSER),,$(if $(BROWSER_LACKS),say-what-is-missing,bin/browser/.complete)) ## Fetch a headless Chromium into bin/browser (needs Debian's apt-get; BROWSER=… names another)

bin/browser/.complete: test/browser/fetch.sh
	@echo "fetching a headless Chromium (about a quarter of a minute the first time) ..."
	@bash test/browser/fetch.sh bin/browser
	@touch $@

.PHONY: say-what-is-missing
say-what-is-missing:
	@if [ -n "$(BROWSER_LACKS)" ]; then \
		echo "########## NO BROWSER HERE (no apt-get to fetch one; BROWSER=… names one): the audit's page is NOT TESTED ##########" >&2; fi
	@for part in $(KAFKA_LACKS); do \
		echo "########## NO $$part HERE: everything that needs a real Apache Kafka is NOT TESTED ##########" >&2; done
	@if [ -n "$(strip $(KAFKA_LACKS) $(BROWSER_LACKS))" ] && [ "$${CI:-}" = true ]; then exit 1; fi
