# make demo   sets up the tool and builds examples/routes.py
# make serve  sets up the tool and serves the example shop under examples/routes.py
# make test   sets up everything and runs all tests, those in real browsers too
# make check  format, lint, strict types, generated files fresh, sizes within their limits
PYTHON ?= python3
BIN := .venv/bin
NPM := npm --prefix browser --silent
# Node comes with the Python packages, so that the same version runs everywhere.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: demo serve test test-python test-browser check setup format generate bench lock clean

demo: .make/run
	$(BIN)/prefetchrouter build examples/routes.py --out build/demo

serve: .make/run
	$(BIN)/prefetchrouter serve examples/routes.py --example

test: test-python test-browser

test-python: setup
	$(BIN)/pytest -n 2

test-browser: setup
	$(NPM) test
	$(NPM) run e2e

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(NPM) run check

setup: .make/dev .make/browser

.make/run: requirements/run.txt pyproject.toml scripts/setup.sh
	PYTHON=$(PYTHON) sh scripts/setup.sh run

.make/dev: requirements/dev.txt pyproject.toml scripts/setup.sh
	PYTHON=$(PYTHON) sh scripts/setup.sh dev

.make/browser: .make/dev browser/package-lock.json browser/scripts/setup-browsers.sh
	sh browser/scripts/setup-browsers.sh
	$(NPM) ci
	touch $@

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(NPM) run format

# Writes again what is made from other files; the tests say when it is needed.
generate: setup
	for script in scripts/make_*.py; do $(BIN)/python $$script; done
	$(NPM) run build

bench: setup
	$(BIN)/python -m benchmarks

lock: setup
	sh scripts/lock.sh

clean:
	rm -rf .venv .make build browser/node_modules browser/dist
