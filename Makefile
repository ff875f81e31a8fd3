# make demo   sets up the tool and builds examples/routes.py
# make serve  sets up the tool and serves the example shop under examples/routes.py
# make test   sets up everything and runs all tests, those in real browsers too
# make docs   builds the documentation as a site, in build/docs-site
# make check  format, lint, strict types, generated files fresh, sizes within their limits
#
# Only Python, without npm, browsers, nginx or root: make test-python, make check-python
PYTHON ?= python3
BIN := .venv/bin
NPM := npm --prefix browser --silent
WORKER := npm --prefix worker --silent
# Node comes with the Python packages, so that the same version runs everywhere.
export PATH := $(CURDIR)/$(BIN):$(PATH)
SELECTION = -m "not needs"

.PHONY: demo serve test test-python test-wheel test-browser test-packed test-first-minute test-worker
.PHONY: sbom docs check check-python check-browser
.PHONY: check-worker check-docs
.PHONY: setup format generate bench lock clean

demo: .make/run
	$(BIN)/prefetchrouter build examples/routes.py --out build/demo

serve: .make/run
	$(BIN)/prefetchrouter serve examples/routes.py --example

# All tests; test-python alone leaves those out that need a program besides Python, and counts them.
test: SELECTION =
test: setup test-python test-wheel test-browser test-packed test-first-minute test-worker

test-python: .make/dev
	$(BIN)/pytest -n 2 $(SELECTION)

# What users install: the wheel, in a separate environment, without the folder src.
test-wheel: .make/dev
	sh scripts/test_wheel.sh

test-browser: .make/browser
	$(NPM) test
	$(NPM) run e2e

# The npm package in new apps of each framework, built for production.
test-packed: .make/browser
	$(NPM) run packed

# What a newcomer does first, with the wheel in an empty environment, up to a click without the network.
test-first-minute: .make/browser .make/engines
	sh scripts/try_first_minute.sh

test-worker: .make/worker
	$(WORKER) test

check: check-python check-browser check-worker check-docs

check-python: .make/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/basedpyright

check-browser: .make/browser
	$(NPM) run check

check-worker: .make/worker
	$(WORKER) run check

# The documentation as a site, in a folder of build/docs-site for each version; a dead link or anchor fails.
docs: .make/docs/bin/zensical .make/playground/done
	$(BIN)/python scripts/docs_site.py stage
	.make/docs/bin/zensical build --strict --config-file build/zensical.toml
	$(BIN)/python scripts/docs_site.py finish
	$(BIN)/python scripts/docs_site.py playground

# The pages in a browser: accessible, and no wider than a phone. The examples of docstrings with the newer
# Python of the playground.
check-docs: docs .make/browser
	$(NPM) run docs-site
	node scripts/test_newer_python.mjs

setup: .make/dev .make/browser .make/worker .make/engines

.make/run: requirements/run.txt pyproject.toml scripts/setup.sh
	PYTHON=$(PYTHON) sh scripts/setup.sh run

.make/dev: requirements/dev.txt pyproject.toml scripts/setup.sh
	PYTHON=$(PYTHON) sh scripts/setup.sh dev

.make/browser: .make/dev browser/package-lock.json browser/scripts/setup-browsers.sh
	sh browser/scripts/setup-browsers.sh
	$(NPM) ci
	touch $@

# The programs that run the target worker come with its packages.
.make/worker: .make/dev worker/package-lock.json
	$(WORKER) ci
	touch $@

# The programs that rules are built for; nginx is the front end before the edge in some tests, too.
.make/engines: scripts/setup-engines.sh
	sh scripts/setup-engines.sh

# What builds the documentation site, apart from .venv: it shares packages with the tests, in other versions.
.make/docs/bin/zensical: requirements/docs.txt .make/run
	$(BIN)/python -m venv .make/docs
	.make/docs/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/docs.txt
	touch $@

# Python for the page of the documentation that runs rules in the browser.
.make/playground/done: .make/dev requirements/playground.txt scripts/setup-playground.sh scripts/playground/package-lock.json
	sh scripts/setup-playground.sh
	touch $@

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(NPM) run format
	$(WORKER) run format

# Writes again what is made from other files; the tests say when it is needed.
generate: .make/browser .make/worker
	for script in scripts/make_*.py; do $(BIN)/python $$script; done
	$(NPM) run build
	$(WORKER) run build

# The software bill of materials of a release, in CycloneDX.
sbom: .make/dev
	sh scripts/sbom.sh

bench: setup
	$(BIN)/python -m benchmarks

lock: .make/dev
	sh scripts/lock.sh

clean:
	rm -rf .venv .make build browser/node_modules browser/dist worker/node_modules
