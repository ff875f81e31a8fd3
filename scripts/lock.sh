#!/bin/sh
# Writes requirements/*.txt: exact versions and hashes, no download addresses. The tool that does it gets an
# separate environment, so that .venv stays what the files say.
set -eu
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
.venv/bin/python -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check pip-tools==7.6.2
for kind in run dev docs release; do
    "$tools/bin/pip-compile" --quiet --strip-extras --allow-unsafe --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
        -o "requirements/$kind.txt" "requirements/$kind.in"
done
