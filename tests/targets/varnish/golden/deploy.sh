#!/bin/sh
# Brings these rules into the Varnish that start.sh has started, without a failed request.
#
#     sh deploy.sh              loads them under the name of the build, uses them, keeps the last two versions
#     sh deploy.sh rollback     uses the version before again
#     sh deploy.sh list         says what is loaded
#
# WORK is the folder of its working files, as for start.sh.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
admin=$(command -v varnishadm || command -v vinyladm || true)
if [ -z "$admin" ]; then
    echo "neither varnishadm nor vinyladm is installed: apt-get install varnish" >&2
    exit 2
fi
cli() { "$admin" -n "${WORK:-$here/work}" -t 60 "$@"; }

# A build has the name of its content: the same rules are the same version.
name=pr_$(cat "$here"/*.vcl | cksum | tr -c '0-9\n' _)
loaded() {
    found=$(cli vcl.list) # a failure ends the script here
    echo "$found" | awk '$NF ~ /^(boot|pr_)/ { print $1, $NF }'
}

versions=$(loaded)
active=$(echo "$versions" | awk '$1 == "active" { print $2 }')
if [ -z "$active" ]; then
    echo "no version is in use: is it the right WORK?" >&2
    exit 1
fi

case "${1:-deploy}" in
deploy)
    if [ "$active" = "$name" ]; then
        echo "$name is in use already"
        exit 0
    fi
    echo "$versions" | grep -q " $name\$" || cli vcl.load "$name" "$here/default.vcl" >/dev/null
    cli param.set http_gzip_support off >/dev/null
    cli vcl.use "$name" >/dev/null
    # Old versions take memory. The one before stays, for a rollback.
    for old in $(echo "$versions" | awk '{ print $2 }'); do
        [ "$old" = "$name" ] || [ "$old" = "$active" ] || cli vcl.discard "$old" >/dev/null
    done
    echo "$name is in use; before: $active"
    ;;
rollback)
    before=$(echo "$versions" | awk '$1 != "active" { print $2 }' | tail -n 1)
    if [ -z "$before" ]; then
        echo "no earlier version is loaded" >&2
        exit 1
    fi
    cli vcl.use "$before" >/dev/null
    echo "$before is in use"
    ;;
list) echo "$versions" ;;
*)
    echo "usage: deploy.sh [deploy | rollback | list]" >&2
    exit 2
    ;;
esac
