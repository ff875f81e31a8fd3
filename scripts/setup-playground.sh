#!/bin/sh
# Fetches what runs Python in a browser, for the page docs/playground.md: Pyodide from npm, and wheels for it.
set -eu
cd "$(dirname "$0")/.."
rm -rf .make/playground
mkdir -p .make/playground
cp scripts/playground/package.json scripts/playground/package-lock.json .make/playground/
npm ci --silent --prefix .make/playground
.venv/bin/pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
    --platform pyemscripten_2026_0_wasm32 --python-version 314 --implementation cp --abi cp314 --abi none \
    -r requirements/playground.txt -d .make/playground/wheels
