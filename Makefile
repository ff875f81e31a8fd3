# make demo   sets up everything and builds examples/routes.py
# make test   sets up everything and runs all tests
# make check  format, lint and strict types
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: demo test check setup lock format generate bench clean

demo: .make/core
	$(BIN)/prefetchrouter build examples/routes.py --out build/demo

test: setup
	$(BIN)/pytest -n 2

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

setup: .make/dev

.make/core: requirements/run.txt pyproject.toml scripts/setup.sh
	PYTHON=$(PYTHON) sh scripts/setup.sh run

.make/dev: requirements/dev.txt pyproject.toml scripts/setup.sh
	PYTHON=$(PYTHON) sh scripts/setup.sh dev

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup
	$(BIN)/python -m benchmarks

lock: setup
	sh scripts/lock.sh

clean:
	rm -rf .venv .make build
