#!/bin/sh
# Writes requirements/*.txt: exact versions and hashes, no download addresses.
set -eu
.venv/bin/pip install --quiet pip-tools
for kind in run dev; do
    .venv/bin/pip-compile --quiet --strip-extras --allow-unsafe --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
        -o "requirements/$kind.txt" "requirements/$kind.in"
done
