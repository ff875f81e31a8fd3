#!/bin/sh
# Builds the wheel, installs it into an environment of its own, and runs tests there on a copy of the
# repository without src: a file that the wheel lacks, or a test that reads src, fails.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

.venv/bin/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir "$place" .
.venv/bin/python -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
"$place/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$place"/prefetchrouter-*.whl

mkdir "$place/clone"
git ls-files -z | grep -zv '^src/' | xargs -0 cp --parents -t "$place/clone"
cd "$place/clone"
PATH="$place/venv/bin:$PATH"
export PATH
python -c 'import prefetchrouter, sys; assert prefetchrouter.__file__.startswith(sys.prefix), prefetchrouter'
pytest -n 2 tests/authoring tests/cli tests/evaluation tests/explanation tests/http tests/testing \
    tests/test_errors.py tests/test_exports.py tests/test_moved.py tests/edge/pages docs/quickstart.md examples
