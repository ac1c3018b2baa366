# Everything that is done by hand in this repository. `make` alone lists it.
# Needs Python 3.11 or later with its venv module, a Rust toolchain and Node.js; all else is installed into .venv/ and
# frontend/node_modules/.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
CARGO  ?= cargo
NPM    ?= npm
BIN    := .venv/bin

# Under xdist two workers suit the smallest machine that is expected to run this.
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal -q
CARGO_TEST   := $(CARGO) test --quiet --locked --manifest-path rust/Cargo.toml
CARGO_CLIPPY := $(CARGO) clippy --quiet --locked --manifest-path rust/Cargo.toml --all-targets
# What holds Python.
SOURCES := src tests benchmarks docs_schema.py
BUILT   := src/suffrage/service/static/built/booth.js
PAGES   := $(shell find frontend -name node_modules -prune -o -type f -print 2>/dev/null)
RUST    := rust/Cargo.toml rust/Cargo.lock $(shell find rust/src -name '*.rs' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup demo test check soak fuzz bench docs lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.core $(BUILT) ## build .venv/ with everything in it; does nothing when nothing changed

# Two stamps, so that a change in rust/ alone does not install the packages again.
.venv/.packages: requirements.lock
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or later is missing (install python3)" >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "make: the venv module of Python is missing (Debian: apt-get install python3-venv)" >&2; exit 2; }
	@command -v $(CARGO) >/dev/null || \
		{ echo "make: cargo is missing (install Rust 1.89 or later, for instance with rustup)" >&2; exit 2; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.core: .venv/.packages pyproject.toml $(RUST)
	@command -v $(CARGO) >/dev/null || \
		{ echo "make: cargo is missing (install Rust 1.89 or later, for instance with rustup)" >&2; exit 2; }
	PIP_QUIET=1 VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/maturin develop --quiet --release --locked
	@touch $@

frontend/node_modules/.made: frontend/package-lock.json
	@command -v $(NPM) >/dev/null || { echo "make: npm is missing (install Node.js 20 or later)" >&2; exit 2; }
	cd frontend && $(NPM) ci --silent --no-audit --no-fund
	@touch $@

$(BUILT): frontend/node_modules/.made $(PAGES)
	cd frontend && $(NPM) run --silent build
	@touch $@

demo: setup ## a real election counted, and one held online; the site stays up until Ctrl-C
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash examples/demo.sh

test: setup ## every test, Rust and Python
	$(CARGO_TEST)
	cd frontend && $(NPM) test --silent
	$(PYTEST)

check: setup ## style, types and the fast tests: under three minutes, before every commit
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy $(SOURCES)
	cd frontend && $(NPM) run --silent check
	$(CARGO) fmt --check --manifest-path rust/Cargo.toml
	$(CARGO_CLIPPY) -- -D warnings
	$(CARGO_CLIPPY) --all-features -- -D warnings
	$(CARGO_TEST)
	HYPOTHESIS_PROFILE=quick $(PYTEST) -m "not slow"

soak: setup ## the same tests with far more random cases, then the fuzzers; takes long
	HYPOTHESIS_PROFILE=soak $(PYTEST)
	@if command -v cargo-fuzz >/dev/null; then $(MAKE) fuzz; \
		else echo "The coverage-guided fuzzers were left out: cargo-fuzz is missing (cargo install cargo-fuzz)."; fi

# How long each fuzzer runs.
FUZZ_SECONDS ?= 600

fuzz: setup ## coverage-guided fuzzers of ballots, archives and keys; needs cargo-fuzz and a nightly compiler
	@rm -rf out/fuzz && mkdir -p out/fuzz
	@$(BIN)/suffrage belenios new --rehearsal --title Seed --description "" --count 5 --trustee Anna --trustee Boris \
		--trustee Clara --threshold 2 --always Server --question examples/sealed-board/questions.toml \
		--administrator Office --authority Secretary --out out/fuzz/seed >/dev/null
	@$(BIN)/python rust/fuzz/seeds.py out/fuzz/seed/rehearsal/administrator/*.bel
	@cd rust && for target in ballot archive keys; do \
		$(CARGO) +nightly fuzz run $$target -- -max_total_time=$(FUZZ_SECONDS) -max_len=131072 -timeout=20 || exit 1; done

bench: setup ## measure, and print the machine beside the figures
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/protocols.py
	$(BIN)/python benchmarks/belenios.py
	$(BIN)/python benchmarks/casting.py
	$(BIN)/python benchmarks/parcels.py

docs: setup ## the documentation, into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

lock: .venv/.packages ## choose the versions in requirements.lock anew (needs the network)
	$(BIN)/uv pip compile --quiet pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --upgrade \
		--custom-compile-command "make lock" --output-file requirements.lock

clean: ## remove everything that was built
	rm -rf .venv site dist frontend/node_modules src/suffrage/service/static/built rust/target src/suffrage/_core*.so .mypy_cache .pytest_cache .ruff_cache .hypothesis
