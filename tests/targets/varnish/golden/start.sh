#!/bin/sh
# Starts Varnish Cache, or Vinyl Cache, with these rules in the foreground.
#
#     sh start.sh                                   on 127.0.0.1:8080
#     LISTEN=0.0.0.0:80 MEMORY=4g sh start.sh       on all addresses, with 4 GB for stored responses
#     LISTEN=127.0.0.1:8443,PROXY sh start.sh       behind a proxy that ends TLS and speaks the PROXY protocol
#
# WORK is the folder of its working files and of the socket that deploy.sh speaks to.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
program=$(command -v varnishd || command -v vinyld || true)
if [ -z "$program" ]; then
    echo "neither varnishd nor vinyld is installed: apt-get install varnish varnish-modules" >&2
    exit 2
fi
work=${WORK:-$here/work}
mkdir -p "$work"

# cc_command without -O2: the compiler takes a fourth of the time, and responses are as fast.
exec "$program" -F -n "$work" -a "${LISTEN:-127.0.0.1:8080}" -T "${ADMIN:-127.0.0.1:0}" \
    -f "$here/default.vcl" -s "malloc,${MEMORY:-256m}" \
    -p cc_command="exec gcc -O0 -g0 -pthread -fpic -shared -Wl,-x -o %o %s" \
    -p http_gzip_support=off \
    -p http_max_hdr=256 -p http_req_hdr_len=64k -p http_req_size=64k -p http_resp_hdr_len=64k -p http_resp_size=64k \
    -p workspace_client=512k -p workspace_backend=512k -p workspace_session=4k \
    -p max_restarts=4 -p pcre2_match_limit=100000 -p timeout_idle=60 \
    ${OPTIONS:-}
