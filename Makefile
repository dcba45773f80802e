# Everything a developer and CI run. `make demo` and `make test` set up what is missing.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON := $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
STAMP := .venv/.installed
JOBS ?= auto
SEED := $(or $(SEED),$(shell date +%s))
PYTEST := $(BIN)/python -m pytest -p no:cacheprovider -n $(JOBS) --dist worksteal
BENCHES := bench-components bench-guardrails bench-fake-http bench-fake-inprocess bench-evaluator bench-proof \
	bench-access-model

export PULUMI_SKIP_UPDATE_CHECK := true
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup engine demo console console-pictures test lint test-unit test-e2e test-life test-browser test-languages test-versions test-portable test-package \
	docs docs-pictures fuzz fuzz-proof fuzz-recover bench $(BENCHES) clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 24

setup: $(STAMP) engine ## virtual environment and Pulumi engine, as far as they are missing

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "setup: no Python 3.11 or newer on PATH. Fix: install one as python3.11." >&2; exit 1; }
	@echo "setup: virtual environment in .venv with $(PYTHON) (about a minute the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@set -o pipefail; $(BIN)/python -m pip install --progress-bar off --constraint constraints.txt --editable '.[dev]' | \
		grep --line-buffered -oE '^(Collecting|Installing|Successfully installed) [A-Za-z0-9_-]+' | sed -u 's/^/setup: /'
	@touch $@

engine: $(STAMP)
	@$(BIN)/python tools/engine.py >/dev/null

demo: setup ## the scenario, told with real output on a fake cloud
	@$(BIN)/python examples/demo

console: setup ## the scenario in a browser, ready to click
	@$(BIN)/python examples/demo/browse.py

test: setup lint test-unit test-e2e test-browser ## everything that has to pass

lint: $(STAMP) ## ruff, the arrows between packages, and pyright (strict on our packages)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/pyright

test-unit: $(STAMP) ## components under mocks, policies, fakes through the official SDKs
	$(PYTEST) tests --ignore=tests/e2e --ignore=tests/package --ignore=tests/browser

test-e2e: setup ## the real engine, on the fake: what everything else rests on
	$(PYTEST) tests/e2e --ignore=tests/e2e/languages -m "not life"

test-life: setup ## everything else on the real engine: contracts, faults, resources, upgrades, guardrails, plugins, pages of the docs
	$(PYTEST) tests/e2e --ignore=tests/e2e/languages -m life

test-browser: $(STAMP) ## the console in a real Chromium, where there is one
	@if $(BIN)/python tests/browser/quiet_chromium.py; then $(PYTEST) tests/browser; else \
		echo "test-browser: not run, there is no Chromium. Fix: apt-get install chromium, or set CHROMIUM=/path"; fi

console-pictures: $(STAMP) ## make the pictures of the docs again
	UPDATE_PICTURES=1 $(PYTEST) -n 0 tests/browser -k "picture_in_the_docs or pictures_in_the_docs"

docs-pictures: $(STAMP) ## make the pictures of terminals, for the docs, again
	$(BIN)/python tools/terminal_pictures.py

test-languages: setup ## generated SDKs: TypeScript and Go programs deployed on the fake, Java compiled, C# generated
	$(PYTEST) -n 0 tests/e2e/languages

test-versions: setup ## the oldest and newest versions of what we need, and other versions of Python, in environments of their own
	$(BIN)/python tools/versions.py oldest newest 3.12 3.13

test-portable: $(STAMP) ## the unit suite without the modules that Windows has not
	PYTHONPATH=tests $(PYTEST) -p without_unix tests --ignore=tests/e2e --ignore=tests/package --ignore=tests/browser

test-package: setup ## the wheel in environments of its own, from an empty folder to a deployment
	$(PYTEST) -n 0 tests/package

docs: $(STAMP) ## the documentation site, in site/; a warning is an error
	$(BIN)/python tools/reference_docs.py
	$(BIN)/python tools/commands_docs.py
	$(BIN)/python tools/errors_docs.py
	$(BIN)/zensical build --strict --clean
	@echo "docs: open site/index.html; no server is needed, for the search neither"

fuzz: $(STAMP) ## generated input, more than in `make test` and each time other; SEED=... repeats a run
	@echo "fuzz: seed $(SEED); repeat this run with: make fuzz SEED=$(SEED)"
	HYPOTHESIS_PROFILE=fuzz $(PYTEST) tests --ignore=tests/e2e --ignore=tests/browser -m hypothesis --hypothesis-seed=$(SEED)

fuzz-proof: export FUZZ_EXAMPLES := $(or $(FUZZ_EXAMPLES),10000)
fuzz-proof: $(STAMP) ## pairs of documents against a second prover: a million, or PAIRS=...; SEED=... repeats a run
	$(BIN)/python tests/policies/ram_policies/proof/small_universes.py --pairs $(or $(PAIRS),1000000) --seed $(SEED)
	HYPOTHESIS_PROFILE=fuzz $(PYTEST) tests/policies/ram_policies/proof -m hypothesis --hypothesis-seed=$(SEED)

fuzz-recover: export RECOVER_KILLS := $(or $(KILLS),12)
fuzz-recover: export RECOVER_SEED := $(SEED)
fuzz-recover: setup ## engines killed at random moments of an update, and recovered: 12 kills, or KILLS=...
	@echo "fuzz-recover: seed $(SEED); repeat this run with: make fuzz-recover SEED=$(SEED)"
	$(PYTEST) -n 0 tests/e2e/test_recovery.py -k random

bench: $(BENCHES) ## all benchmarks

bench-components: setup ## the bundle against the same resources written by hand
bench-fake-http: $(STAMP) ## our server against moto_server
bench-fake-inprocess: $(STAMP) ## mock_alicloud against moto's decorator
bench-evaluator: $(STAMP) ## decisions against moto's engine and cedarpy
bench-proof: $(STAMP) ## proofs about the largest and nastiest documents
bench-access-model: $(STAMP) ## who_can over a large model
bench-guardrails: setup ## a preview with the policy pack against one without it
$(BENCHES): bench-%:
	@$(BIN)/python bench/$(subst -,_,$*).py

clean: ## remove what setup made in the clone (not the engine's cache)
	rm -rf .venv .ruff_cache .pytest_cache site
