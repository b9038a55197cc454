# whenwhere: two commands do everything on a fresh Debian machine with Go: make demo, make test.

# nodynamic: HEIC pictures are decoded by the embedded WebAssembly decoder only, never by a library of the host.
# No cgo: the program is one static file.
GO        := CGO_ENABLED=0 go
TAGS      := -tags nodynamic
DEMO_DATA := demo-data
PRINTS    := 1000000
LINT      := bin/golangci-lint
LINT_AT   := v2.15.0
CHECK     := bin/staticcheck
CHECK_AT  := v0.8.2

.PHONY: help tools postgis build demo test race lint bench quality calibrate frontline fuzz fixtures clean

help: ## list these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

tools: ## install what is missing: ffmpeg for movies; exiftool, openssl and python3 as oracles in tests
	@missing=""; \
	command -v ffmpeg   >/dev/null 2>&1 || missing="$$missing ffmpeg"; \
	command -v exiftool >/dev/null 2>&1 || missing="$$missing libimage-exiftool-perl"; \
	command -v openssl  >/dev/null 2>&1 || missing="$$missing openssl"; \
	command -v python3  >/dev/null 2>&1 || missing="$$missing python3"; \
	if [ -n "$$missing" ]; then \
	  as=""; [ "$$(id -u)" = 0 ] || as="sudo"; \
	  echo "installing:$$missing"; \
	  $$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi

# Debian's package also makes its usual empty cluster; the benchmark uses one of its own.
postgis: ## install PostgreSQL with PostGIS where it is missing: a peer in the benchmark of control maps
	@if ! ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1; then \
	  as=""; [ "$$(id -u)" = 0 ] || as="sudo -n"; \
	  $$as apt-get update -qq; \
	  package=$$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$$' | cut -d' ' -f1 | sort -V | tail -1); \
	  echo "installing: $$package"; \
	  $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$package >/dev/null \
	    || echo "PostGIS cannot be installed here: its part of the benchmark is left out"; \
	fi

build: ## build bin/whenwhere
	$(GO) build $(TAGS) -o bin/whenwhere ./cmd/whenwhere

demo: tools build ## verify the invented case fixtures/autumn and print the table
	@bin/whenwhere verify fixtures/autumn --data $(DEMO_DATA); code=$$?; \
	if [ $$code = 3 ]; then echo "(exit code 3 is right here: the case holds an unreadable file, so that you see how that is said)"; exit 0; fi; \
	exit $$code

test: tools ## vet, and all tests; under 8 minutes on 2 cores
	$(GO) vet $(TAGS) ./...
	$(GO) test $(TAGS) -timeout 8m ./...

race: tools ## all tests under the race detector (needs a C compiler); staticcheck too
	CGO_ENABLED=1 go test $(TAGS) -race -timeout 30m ./...
	$(MAKE) $(CHECK) && $(CHECK) $(TAGS) ./...

$(CHECK):
	GOBIN=$(CURDIR)/bin $(GO) install honnef.co/go/tools/cmd/staticcheck@$(CHECK_AT)

lint: $(LINT) ## the linters of .golangci.yml
	$(LINT) run ./...

$(LINT):
	GOBIN=$(CURDIR)/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_AT)

bench: tools postgis ## speed beside peers in one run: media, prints, index of a million, incidents, sun, clocks, control maps (about 8 minutes)
	GOMAXPROCS=1 $(GO) test $(TAGS) -run '^$$' -bench '^BenchmarkPublished' -benchtime 2s -benchmem ./internal/solar ./internal/shadow ./pipeline/moment ./internal/control
	$(GO) test $(TAGS) -run '^$$' -bench '^BenchmarkPublished' -benchtime 3s ./internal/decode ./internal/decode/fastjpeg ./cmd/whenwhere
	GOAMD64=v3 $(GO) test $(TAGS) -run '^$$' -bench '^BenchmarkPublished' -benchtime 1s ./internal/hashindex -hashindex.prints $(PRINTS)
	$(GO) run $(TAGS) ./scripts/frontbench postgis

frontline: ## how right the control maps are read: agreement with the table of truth, by class and distance
	$(GO) run $(TAGS) ./scripts/frontbench truth

quality: ## how much of edited footage is found again, edit by edit, without a false match
	$(GO) run $(TAGS) ./scripts/quality

calibrate: tools ## how often the program is right: sets of 95 %, the front line on real events, and what a score is worth
	$(GO) run $(TAGS) ./scripts/calibrate when
	$(GO) run $(TAGS) ./scripts/calibrate front
	$(GO) run $(TAGS) ./scripts/calibrate events
	$(GO) run $(TAGS) ./scripts/calibrate score
	$(GO) test $(TAGS) ./cmd/whenwhere -run '^TestRealTimes$$' -count 1 -v

fuzz: ## every fuzz target for 30 seconds
	@for pkg in $$($(GO) list $(TAGS) ./...); do \
	  for f in $$($(GO) test $(TAGS) -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$f"; $(GO) test $(TAGS) -run '^$$' -fuzz "^$$f$$" -fuzztime 30s $$pkg || exit 1; \
	  done; \
	done

fixtures: ## make fixtures/ again and show what changed
	$(GO) run $(TAGS) ./scripts/genfixtures
	git diff --stat -- fixtures

clean: ## remove what was built, and the data of the demo
	rm -rf bin $(DEMO_DATA)
