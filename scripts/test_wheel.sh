#!/bin/sh
# Builds the source distribution, and the wheel from it alone; installs the wheel into a separate environment, and
# runs tests there on the unpacked source distribution without its src: a file that one of them lacks, or a test
# that reads src, fails. Before, the bill of materials is the same twice, and the wheel runs as `uvx` runs it.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

.venv/bin/python -m hatchling build -t sdist -d "$place" >/dev/null
mkdir "$place/source"
tar -xzf "$place"/prefetchrouter-*.tar.gz -C "$place/source" --strip-components 1
.venv/bin/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir "$place" \
    "$place/source"
.venv/bin/python -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
"$place/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$place"/prefetchrouter-*.whl

sh scripts/sbom.sh "$place/once.json"
sh scripts/sbom.sh "$place/again.json"
cmp "$place/once.json" "$place/again.json"
grep -q '"purl": "pkg:pypi/uvicorn@' "$place/once.json"

UV_CACHE_DIR="$place/uv" "$place/venv/bin/uvx" --quiet --from "$(echo "$place"/prefetchrouter-*.whl)" \
    prefetchrouter --version

cd "$place/source"
rm -r src
PATH="$place/venv/bin:$PATH"
export PATH
python -c 'import prefetchrouter, sys; assert prefetchrouter.__file__.startswith(sys.prefix), prefetchrouter'
# The schema of SARIF comes from npm, which the source distribution has no packages of.
pytest -n 2 --deselect tests/cli/test_lint.py::test_sarif_is_valid tests/authoring tests/cli tests/evaluation tests/explanation tests/http tests/installation \
    tests/testing tests/test_errors.py tests/test_exports.py tests/test_moved.py tests/edge/pages \
    docs/quickstart.md examples
