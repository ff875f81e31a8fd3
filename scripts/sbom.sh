#!/bin/sh
# Writes the software bill of materials of a release, in CycloneDX: build/sbom.cdx.json. It lists what `serve` installs,
# with the locked versions and hashes; equal inputs give equal bytes. The tool has a separate environment.
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/sbom.cdx.json}
if [ ! -x .make/release/bin/cyclonedx-py ]; then
    .venv/bin/python -m venv .make/release
    .make/release/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/release.txt
fi
mkdir -p "$(dirname "$out")"
.make/release/bin/cyclonedx-py requirements requirements/run.txt --pyproject pyproject.toml --mc-type application \
    --output-reproducible --output-format JSON --spec-version 1.6 --output-file "$out"
