"""A server of nginx with one of each directive that is imported, and paths that tell its locations apart."""

from __future__ import annotations

MAPS = r"""
    map $uri $moved {
        /map/Old /map/new;
        "~^/map/(\d+)/(\w+)$" /map/$2?id=$1;
        ~*^/map/x/ /map/y;
        default "";
    }
    map $http_x_region $region { eu /eu/; ~^u.$ /us/; }
    map $request_uri $exact { /q?a=1 https://other.example/q; }
"""
SERVER = r"""
        if ($moved) { return 301 $moved; }
        if ($exact != "") { rewrite ^ $exact? permanent; }
        if ($request_method !~ ^(GET|HEAD)$) { return 405; }
        if ($http_user_agent ~* "(bot|crawl) er") { return 403; }
        if ($arg_flag) { return 302 /flag; }
        if ($cookie_beta = "1") { return 302 /beta; }
        if ($http_x_none != "") { return 307 /some; }
        if ($uri ~ ^/if/(a|b)$) { rewrite ^/if/(.)$ /then/$1 redirect; }
        add_header x-location server always;
        rewrite ^/moved/(.*)$ /to/$1 permanent;
        rewrite ^/gone/([a-z]+)/(\d+) /to/$2/$1? redirect;
        rewrite ^/out/(.*)$ https://other.example/$1;
        location / { }
        location /region {
            if ($region) { return 302 https://$host$region; }
            add_header x-location region always;
            return 410;
        }
        location = /exact { add_header x-location exact always; }
        location /exact { add_header x-location prefix always; expires 1h; return 410; }
        location ^~ /static { add_header x-location static always; expires max; }
        location /static/big { add_header x-location big always; return 301 /small; }
        location ~ ^/p/(\d+)/(\w+)$ { return 302 /page?id=$1&name=$2; }
        location ~* \.(css|js)$ { add_header x-location asset always; expires 10m; return 301 /file/$1; }
        location ~ \.php$ { deny all; }
        location /api { expires -1; return 302 https://api.example$request_uri; }
        location /api/v2 { return 204; }
        location /query { return 307 /q$is_args$args; }
        location /host { return 308 https://$host/h?was=$arg_was; }
        location /docs {
            rewrite ^/docs/old/(.*)$ /docs/new/$1 redirect;
            add_header x-location docs always;
            return 403;
        }
        location /epoch { expires epoch; return 302 /e; }
"""
_TARGETS = [
    "/map/old",
    "/map/Old?x=1",
    "/MAP/OLD",
    "/map/12/ab",
    "/map/12/ab/",
    "/map/X/z",
    "/q?a=1",
    "/q?a=2",
    "/?flag",
    "/?flag=0",
    "/?flag=00",
    "/?flag=on&x",
    "/if/a",
    "/if/b?x=1",
    "/if/c",
    "/region",
    "/region/a",
    "/",
    "/exact",
    "/exact/a",
    "/exactly",
    "/exact?x=1",
    "/static",
    "/static/a.css",
    "/static/big",
    "/static/bigger.php",
    "/p/12/ab",
    "/p/12/ab?x=1",
    "/p/12/ab.css",
    "/p/x/ab",
    "/a.css",
    "/a.CSS",
    "/a.Js?v=1",
    "/a.css/b",
    "/x.php",
    "/x.php?a=.css",
    "/x?a=.php",
    "/api",
    "/api/a?b=c",
    "/api/a.js",
    "/api/v2",
    "/api/v2/x",
    "/query",
    "/query?a=1&b=2",
    "/host?was=x",
    "/host/a",
    "/docs",
    "/docs/old/a",
    "/docs/old/a?b=1",
    "/docs/old/a.css",
    "/moved/a/b",
    "/moved/a?x=1",
    "/moved/",
    "/gone/ab/12",
    "/gone/ab/12/more?x=1",
    "/gone/ab",
    "/out/a",
    "/out/a?x=1",
    "/epoch",
    "/elsewhere",
    "/API",
    "/sTatic/a",
]

_HEADERS: list[dict[str, str]] = [
    {"User-Agent": "some Bot er/1"},
    {"User-Agent": "some"},
    {"Cookie": "beta=1"},
    {"Cookie": "a=b; beta=10"},
    {"X-None": ""},
    {"X-None": "x"},
    {"X-Region": "EU"},
    {"X-Region": "us"},
    {"X-Region": "usa"},
]
"""Headers of a request to `/region/a`, which tell the conditions apart."""
REQUESTS: list[tuple[str, dict[str, str]]] = [
    *((target, {}) for target in _TARGETS),
    *(("/region/a", headers) for headers in _HEADERS),
]
