"""Rewritten paths, files and variables: rules send the origin what nginx itself would look for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing.imported_routes import rules_of
from importing.real_nginx import answer, nginx
from prefetchrouter import Request, evaluate
from prefetchrouter.importing import Imported
from prefetchrouter.importing.nginx import read_nginx

LOG = 'log_format sent "$uri $args";'
SENT = "access_log {folder}/sent.log sent;"

SERVER = r"""
    set $to https://other.example;
    set $shown "$scheme-$host";
    rewrite ^/server/(\d+)$ /b/p$1 last;
    rewrite ^/more/(.*)$ /to/$1?from=more redirect;
    if ($http_x_mobile) { rewrite ^/m(/\w*)$ /mobile$1 last; }
    location / {
        rewrite ^/old/(\w+)$ /b/p$1 last;
        rewrite ^/drop/(\w+)$ /b/p$1? last;
        rewrite ^/add/(\w+)$ /b/page?id=$1 last;
        rewrite ^/here/(\w+)$ /b/p$1 break;
        rewrite ^/denied/(\d+)$ /secret/$1 last;
        rewrite ^/asset/(\d+)$ /c/$1.css last;
        rewrite ^/plain/(\w+)$ /new/$1 last;
        rewrite ^/gone/ /gone last;
        add_header x-location root always;
        rewrite ^/end/(\w+)$ /ended/$1;
    }
    location /b { add_header x-location b always; expires 1h; }
    location = /b/exact { add_header x-location exact always; }
    location /ended { return 302 $to/ended?by=$shown; }
    location /secret { deny all; }
    location /gone { return 410; }
    location /new { add_header x-location new always; rewrite ^/plain /x permanent; }
    location /mobile { add_header x-location mobile always; }
    location ~ \.css$ { add_header x-location css always; }
    location /c { add_header x-location c always; }
    location /stays {
        rewrite ^/stays/1/(.*)$ /first/$1 break;
        rewrite ^/stays/2/(.*)$ /second/$1 break;
        if ($arg_go) { return 302 /went; }
        deny all;
    }
    location /quiet { try_files $uri $uri/ =404; add_header x-location quiet always; }
"""
TARGETS = [
    "/", "/old/1", "/old/1?a=b", "/old/", "/drop/1?a=b", "/add/7", "/add/7?a=b", "/here/1?a=b", "/denied/1",
    "/asset/12", "/plain/1", "/gone/1", "/gone/1?a=b", "/end/1", "/b/1", "/server/12", "/server/x",
    "/more/a?b=c", "/more/a", "/m/1", "/mobile/1", "/mobile/x", "/stays/1/a", "/stays/2/a?b=c",
    "/stays/2/a?go=1", "/stays/3?go=1", "/stays/3", "/quiet/a", "/x.css",
]  # fmt: skip


def sent(folder: Path) -> str:
    """The path and query that nginx looked for last."""
    path, query = (folder / "sent.log").read_text().splitlines()[-1].split(" ")
    return path if query in ("-", "") else f"{path}?{query}"


def imported(text: str, files: tuple[str, ...] | None = None) -> Imported:
    """What is read of a configuration."""
    found = Imported(files=files)
    read_nginx(text, "nginx.conf", found)
    return found


@pytest.mark.needs("nginx")
@pytest.mark.parametrize("headers", [{}, {"X-Mobile": "1"}])
def test_a_rewritten_path_gets_to_the_location_that_nginx_finds(
    tmp_path: Path, headers: Mapping[str, str]
) -> None:
    """Status, Location, headers, and the path that the origin gets."""
    found = imported("server {" + SERVER + "}")
    assert [remark.reason for remark in found.remarks if not remark.is_understood] == []
    rules = rules_of(found)
    with nginx(tmp_path, SERVER + SENT.format(folder=tmp_path), LOG) as socket:
        for target in TARGETS:
            status, received = answer(socket, target, headers)
            decision = evaluate(rules, Request(f"http://shop.example{target}", headers=headers))
            location = decision.redirect and decision.redirect.location
            assert received["location"] == location, target
            assert received["x-location"] == decision.response_headers().get("x-location") or status != 404
            expected = 403 if decision.denied else (decision.synthetic and decision.synthetic.status) or 404
            assert status == (decision.redirect.status if decision.redirect else expected), target
            if status == 404:
                assert sent(tmp_path) == decision.path, target


FILES = (
    "/about.html",
    "/app.html",
    "/closed/a.txt",
    "/docs/index.html",
    "/docs/a/b.css",
    "/index.html",
    "/shop/a.txt",
)
SITE = r"""
    if ($http_x_closed) { return 503; }
    location / { try_files $uri $uri/ /app.html; add_header x-location page always; }
    location /docs/ { try_files $uri /index.html?$args; add_header x-location docs always; }
    location /shop { try_files $uri @shop; }
    location /closed { try_files $uri /app.html; deny all; }
    location @shop { return 302 /closed; }
    location = /index.html { add_header x-location index always; }
"""


@pytest.mark.needs("nginx")
def test_known_files_come_before_the_fallback(tmp_path: Path) -> None:
    """A file is passed on as it is; every other path gets to where nginx goes, with its query or without."""
    for name in FILES:
        path = tmp_path / "nothing" / name[1:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    found = imported("server {" + SITE + "}", FILES)
    assert [remark.reason for remark in found.remarks if not remark.is_understood] == []
    rules = rules_of(found)
    with nginx(tmp_path, SITE + SENT.format(folder=tmp_path), LOG) as socket:
        for target in (
            "/about.html", "/about", "/app.html", "/x?a=b", "/shop", "/shop/", "/shop/a.txt", "/shop/b",
            "/shopping", "/docs/a/b.css?x", "/docs/x?a=b", "/docs/x", "/index.html", "/docs/index.html",
            "/", "/?a=b", "/docs/", "/closed/a.txt", "/closed/b",
        ):  # fmt: skip
            status, received = answer(socket, target)
            decision = evaluate(rules, Request(f"http://shop.example{target}"))
            location = decision.redirect and decision.redirect.location
            assert received["location"] == location, target
            assert (status == 403) == decision.denied, target
            if status == 200:
                assert sent(tmp_path) == decision.path, target
                assert received["x-location"] == decision.response_headers().get("x-location"), target


@pytest.mark.parametrize(
    ("text", "files", "reason"),
    [
        ("location / { try_files $uri /a.html; }", None, "--files FOLDER"),
        ("location / { try_files $uri /b.html; }", ("/a.html",), "the site has no file /b.html"),
        ("location / { try_files $uri.html /a.html; }", ("/a.html",), "looks elsewhere"),
        ("location / { root /x; try_files $uri /a.html; }", ("/a.html",), "looks elsewhere"),
        ("location /b/ { alias /x/; try_files $uri /a.html; }", ("/a.html",), "looks elsewhere"),
        (
            "location / { rewrite ^/b /c break; try_files $uri /a.html; }",
            ("/a.html",),
            "another line replaces",
        ),
        (
            "location / { try_files $uri @b; } location @b { rewrite ^/c/ /a.html last; }",
            ("/a.html",),
            "has a line with rewrite",
        ),
        ("location / { try_files $uri =403; }", ("/a.html",), "neither a path nor a named location"),
        ("rewrite; location / { try_files $uri /a.html; }", ("/a.html",), "has an expression"),
        ("index /a.html; location / { expires 1h; }", ("/a.html",), "outside of the folder"),
        ("index $host.html; location / { expires 1h; }", ("/a.html",), "or a variable"),
        ("location / { try_files $uri @a; }", ("/a.html",), "there is no location @a"),
        (
            "rewrite ^/a /b permanent; location / { try_files $uri /a.html; }",
            ("/a.html",),
            "rewrites of the server",
        ),
        ("if ($uri ~ b) { return 403; } location / { try_files $uri /a.html; }", ("/a.html",), "may apply"),
    ],
)
def test_a_fallback_without_one_certain_meaning_stays_a_comment(
    text: str, files: tuple[str, ...] | None, reason: str
) -> None:
    """It says what is missing."""
    reasons = [remark.reason for remark in imported(text, files).remarks if not remark.is_understood]
    assert [each for each in reasons if reason in each], reasons


def test_what_denies_a_location_is_not_lost_beside_what_passes_it_on() -> None:
    """It denies before it passes a request on, in whatever order the lines are."""
    for lines in ("deny all; proxy_pass http://a.example;", "proxy_pass http://a.example; deny all;"):
        rules = rules_of(imported("location /a { " + lines + " }"))
        assert evaluate(rules, Request("/a/b")).denied


LAST = st.sampled_from(
    ["/b/$1", "/b/x$1", "/bx", "/c/$1.css", "/$1", "/b/x/y", "/a/$1/x", "/d", "/b/$1/x", "/b$1/x"]
)
PATTERN = st.sampled_from(
    [
        r"^/a/(\d+)$",
        "^/a/(.*)$",
        "^/a(/x|/y)?",
        "/([a-z]+)$",
        "^/a(/.*)$",
        "^/a/(.*)/?$",
        "^/a/(x|/y)+$",
        "^/(a|x/)+(y)",
    ]
)
PLACE = st.sampled_from(["/b", "= /b/x", "^~ /b/x", r"~ \.css$", "~ ^/c", "/c", "~* X"])
PATHS = ["/a/1", "/a/x", "/a/x/y", "/a", "/a/x.css", "/a/y", "/a/", "/a/b/c", "/a/x/"]


@pytest.mark.needs("nginx")
@given(st.lists(st.tuples(PATTERN, LAST), min_size=1, max_size=2), st.lists(PLACE, max_size=4, unique=True))
def test_what_is_imported_is_what_nginx_does(
    tmp_path_factory: pytest.TempPathFactory, rewrites: list[tuple[str, str]], places: list[str]
) -> None:
    """Whatever was not left out as a comment."""
    lines = "".join(f"rewrite {pattern} {to} last; " for pattern, to in rewrites)
    own = "".join(f'location {place} {{ add_header x-location "{place}" always; }}\n' for place in places)
    server = f"location /a {{ {lines} add_header x-location a always; }}\n{own}"
    found = imported("server {" + server + "}")
    if any(not remark.is_understood for remark in found.remarks):
        return
    rules = rules_of(found)
    folder = tmp_path_factory.mktemp("n")
    with nginx(folder, server + SENT.format(folder=folder), LOG) as socket:
        for target in PATHS:
            status, received = answer(socket, target)
            if status == 500:  # nginx gives up after ten rewrites
                continue
            decision = evaluate(rules, Request(f"http://shop.example{target}"))
            assert received["x-location"] == decision.response_headers().get("x-location"), (server, target)
            assert sent(folder) == decision.path, (server, target)


@pytest.mark.needs("nginx")
@given(
    st.lists(
        st.sampled_from(
            [
                ("/d", ""),
                ("= /d", ""),
                ("^~ /d", ""),
                ("~ d", ""),
                ("/", ""),
                ("/d/", "proxy_pass"),
                ("= /d/", "proxy_pass"),
                ("^~ /d/", "proxy_pass"),
                ("/d/", "fastcgi_pass"),
                ("/d/e/", "proxy_pass"),
                ("/e/", "try_files $uri"),
            ]
        ),
        max_size=5,
        unique_by=lambda place: place[0].removeprefix("^~ "),
    )
)
def test_a_folder_without_its_slash_is_redirected_where_nginx_does(
    tmp_path_factory: pytest.TempPathFactory, places: list[tuple[str, str]]
) -> None:
    """Only if it is passed on, and no location has the path without the slash."""
    address = {"proxy_pass": "http://127.0.0.1:1", "fastcgi_pass": "127.0.0.1:1", "try_files $uri": "=404"}
    server = "".join(
        f"location {place} {{ {does} {address[does]}; }}" if does else f"location {place} {{ }}"
        for place, does in places
    )
    rules = rules_of(imported("server {" + server + "}"))
    with nginx(tmp_path_factory.mktemp("n"), server) as socket:
        for target in ("/d", "/d?a=b", "/d/", "/d/e", "/d/e/", "/e", "/de"):
            _, received = answer(socket, target)
            decision = evaluate(rules, Request(f"http://shop.example{target}"))
            assert received["location"] == (decision.redirect and decision.redirect.location), target


PAGE = "/app.html"
SITES = st.lists(
    st.sampled_from(
        [
            "/ { try_files $uri $uri/ /app.html;",
            "/docs/ { try_files $uri $uri/ /app.html;",
            "/docs { try_files $uri /app.html?$args;",
            "= /docs/index.html {",
            "= /app.html {",
            "~ a[.]html$ {",
            "^~ /docs/a/ { try_files $uri $uri/ =404;",
            "/docs/a { index a.html; try_files $uri $uri/ /app.html;",
            "~ /$ { try_files $uri $uri/ /app.html;",
            "/docs/ { proxy_pass http://127.0.0.1:1;",
        ]
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda location: location.partition(" {")[0].removeprefix("^~ "),
)
INDEX = st.sampled_from(
    [
        "",
        "index a.html;",
        "index a.html index.html;",
        "index a.html; index index.html;",
        "index a.html /app.html;",
    ]
)
FILE = st.sampled_from(
    ["/index.html", "/a.html", "/docs/index.html", "/docs/a.html", "/docs/a/a.html", "/docs/a/b.css"]
)


@pytest.mark.needs("nginx")
@given(SITES, INDEX, st.sets(FILE))
def test_a_site_is_served_as_nginx_does(
    tmp_path_factory: pytest.TempPathFactory, locations: list[str], index: str, files: set[str]
) -> None:
    """Whatever was not left out as a comment: which file is looked for, with which location's headers."""
    folder = tmp_path_factory.mktemp("n")
    for name in files | {PAGE}:
        path = folder / "nothing" / name[1:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    server = index + "".join(
        f"location {each} add_header x-location {number} always; }}\n"
        for number, each in enumerate(locations)
    )
    found = imported("server {" + server + "}", tuple(sorted(files | {PAGE})))
    if any(not remark.is_understood for remark in found.remarks):
        return
    rules = rules_of(found)
    with nginx(folder, server + SENT.format(folder=folder), LOG) as socket:
        for target in (
            "/",
            "/docs",
            "/docs/",
            "/docs/?q",
            "/docs/x?q",
            "/docs/a",
            "/docs/a/",
            "/docs/a/x",
            *files,
        ):
            status, received = answer(socket, target)
            decision = evaluate(rules, Request(f"http://shop.example{target}"))
            case = (server, sorted(files), target, status)
            if status == 301:  # by the rules, or by an origin that has this folder
                expected = decision.redirect.location if decision.redirect else f"{decision.path}/"
                assert received["location"] == expected, case
            elif status in (200, 404):
                assert decision.redirect is None, case
                assert received["x-location"] == decision.response_headers().get("x-location"), case
                looked = sent(folder)
                names = {looked, looked.replace("index.html", ""), looked.replace("a.html", "")}
                assert decision.path in names, (case, looked)
