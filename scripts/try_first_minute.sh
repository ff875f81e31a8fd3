#!/bin/sh
# Tries what a newcomer does first: the wheel, built here, in an environment that has nothing else and no cache;
# then each entry, at most five commands, up to a click that needs no network, in real browsers.
#
# It prints how long each step took. Needs npm's packages and the browsers (make setup).
set -eu
cd "$(dirname "$0")/.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

began=$(date +%s)
step() {
    now=$(date +%s)
    echo "$((now - began)) s  $1"
    began=$now
}

.venv/bin/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir "$place" .
wheel=$(echo "$place"/prefetchrouter-*.whl)
step "the wheel is built: $(wc -c <"$wheel") bytes"

.venv/bin/python -m venv "$place/plain"
"$place/plain/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir "$wheel"
step "pip install prefetchrouter"

mkdir -p "$place/site/public"
echo '<!doctype html><title>Tea</title><a href="tea.html">Tea</a>' >"$place/site/public/index.html"
echo '<!doctype html><title>Green</title>' >"$place/site/public/tea.html"
(
    cd "$place/site"
    "$place/plain/bin/prefetchrouter" site public --no-serve
    "$place/plain/bin/prefetchrouter" init shop --target nginx
)
step "site and init need nothing else"

"$place/plain/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir "$wheel[serve]"
step 'pip install "prefetchrouter[serve]"'

PREFETCHROUTER="$place/plain/bin/prefetchrouter" npm --prefix browser --silent exec -- \
    vitest run --config browser/e2e/vitest.config.ts edge/firstMinute.test.ts
step "all entries, in Chromium and Firefox"
