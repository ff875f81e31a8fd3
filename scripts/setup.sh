#!/bin/sh
# Makes .venv with the pinned packages: `setup.sh run` for the tool itself, `setup.sh dev` for the tests too.
set -eu
kind=$1
python=${PYTHON:-python3}

. "$(dirname "$0")/apt.sh"

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 or later is needed; name one with: make PYTHON=/path/to/python3.11 ..." >&2
    exit 2
fi
if [ ! -x .venv/bin/pip ]; then
    # Debian's Python comes without the part that makes environments.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        apt_install python3-venv
    fi
    "$python" -m venv .venv
fi
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$kind.txt"
.venv/bin/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
mkdir -p .make
touch .make/run
[ "$kind" = run ] || touch .make/dev
