#!/bin/sh
# Install the real browsers that the end-to-end tests drive: Debian's chromium and firefox-esr.
# Does nothing when both are there; needs root, or sudo, when one is missing.
set -eu

missing=""
for package in chromium firefox-esr; do
  command -v "$package" >/dev/null || missing="$missing $package"
done
if [ -z "$missing" ]; then
  echo "chromium and firefox-esr are installed"
  exit 0
fi

. "$(dirname "$0")/../../scripts/apt.sh"
# shellcheck disable=SC2086 # one word per package
apt_install $missing
