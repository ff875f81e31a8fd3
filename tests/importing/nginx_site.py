"""A server of nginx with one of each directive that is imported, and paths that tell its locations apart."""

from __future__ import annotations

SERVER = r"""
        add_header x-location server always;
        rewrite ^/moved/(.*)$ /to/$1 permanent;
        rewrite ^/gone/([a-z]+)/(\d+) /to/$2/$1? redirect;
        rewrite ^/out/(.*)$ https://other.example/$1;
        location / { }
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
TARGETS = [
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
