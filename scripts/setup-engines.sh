#!/bin/sh
# Installs the programs that the tests need: nginx with njs, Varnish with its modules, and systemd, which checks the
# unit of deploy/; does nothing for those that are there. The newest nginx comes from pip, the engines of Workers
# from npm.
set -eu
. "$(dirname "$0")/apt.sh"

PATH="$PATH:/usr/sbin"
wanted=
command -v nginx >/dev/null || wanted="$wanted nginx-light"
[ -e /usr/lib/nginx/modules/ngx_http_js_module.so ] || wanted="$wanted libnginx-mod-http-js"
command -v varnishd >/dev/null || wanted="$wanted varnish"
command -v systemd-analyze >/dev/null || wanted="$wanted systemd"
[ -n "$(find /usr/lib -name libvmod_xkey.so 2>/dev/null)" ] || wanted="$wanted varnish-modules"
# shellcheck disable=SC2086 # a list of names
[ -z "$wanted" ] || apt_install $wanted
mkdir -p .make
touch .make/engines
