#!/bin/sh
# Installs nginx, which the tests put before the edge; does nothing when it is there.
set -eu
. "$(dirname "$0")/apt.sh"

PATH="$PATH:/usr/sbin" command -v nginx >/dev/null || apt_install nginx-light
mkdir -p .make
touch .make/nginx
