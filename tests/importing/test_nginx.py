"""Rules imported from nginx do what nginx does: against a small reading of its pages, and nginx itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing.imported_routes import rules_of
from importing.nginx_site import MAPS, REQUESTS, SERVER
from importing.real_nginx import answer, nginx
from prefetchrouter import Request, RuleSet, evaluate
from prefetchrouter.errors import LoadError
from prefetchrouter.importing import Imported, read_files, routes_text
from prefetchrouter.importing.nginx import read_nginx

Location = tuple[str, str]


def imported(text: str) -> Imported:
    """What is read of a configuration."""
    found = Imported()
    read_nginx(text, "nginx.conf", found)
    return found


def reasons(text: str) -> list[str]:
    """Why lines were not understood."""
    return [remark.reason for remark in imported(text).remarks if not remark.is_understood]


def gets(
    rules: RuleSet, target: str, headers: Mapping[str, str] | None = None
) -> tuple[int, str | None, dict[str, str | None]]:
    """Status, Location and the headers that tell the location, as rules decide; an origin answers 404."""
    decision = evaluate(rules, Request(f"http://shop.example{target}", headers=headers or {}))
    response = decision.response_headers()
    shown = {name: response.get(name) for name in ("x-location", "cache-control")}
    if decision.redirect is not None:
        return decision.redirect.status, decision.redirect.location, shown
    answered = decision.synthetic and decision.synthetic.status
    return 403 if decision.denied else answered or 404, None, shown


def chosen(locations: list[Location], path: str) -> str | None:
    """The location of a path, as the documentation has it: exact, longest prefix, expressions."""
    if ("=", path) in locations:
        return f"= {path}"
    prefixes = [(kind, text) for kind, text in locations if kind in ("", "^~") and path.startswith(text)]
    longest = max(prefixes, key=lambda each: len(each[1]), default=None)
    if longest is None or longest[0] != "^~":
        for kind, text in locations:
            if kind == "~" and re.search(text, path):
                return f"~ {text}"
            if kind == "~*" and re.search(text, path, re.IGNORECASE):
                return f"~* {text}"
    return None if longest is None else f"{longest[0]} {longest[1]}".strip()


def configuration(locations: list[Location]) -> str:
    """A location each, which says its name in a header."""
    return "\n".join(
        f'location {kind} "{text}" {{ add_header x-location "{f"{kind} {text}".strip()}" always; }}'
        for kind, text in locations
    )


PATHS = st.sampled_from(
    ["/", "/a", "/a/", "/a/b", "/a/b/c.css", "/A/b", "/ab", "/b", "/b/a.js", "/b/A.JS", "/c.css", "/b/x/y"]
)
LOCATIONS = st.one_of(
    st.tuples(st.sampled_from(["=", "^~", ""]), PATHS),
    st.tuples(
        st.sampled_from(["~", "~*"]),
        st.sampled_from(["^/a", "[.](?:css|js){1}", "[.]js", "b/", "^/b/.", "a$", "x|c"]),
    ),
)


def _place(location: Location) -> Location:
    """Two prefixes of one text are refused by nginx, with ^~ or without."""
    kind, text = location
    return ("" if kind == "^~" else kind), text


@given(st.lists(LOCATIONS, min_size=1, max_size=7, unique_by=_place), st.lists(PATHS, min_size=1, max_size=8))
def test_a_request_gets_the_location_that_the_documentation_says(
    locations: list[Location], paths: list[str]
) -> None:
    """Exact paths, the longest prefix, ^~, and expressions in their order, with and without case."""
    rules = rules_of(imported(configuration(locations)))
    for path in paths:
        _, _, headers = gets(rules, path)
        assert headers["x-location"] == chosen(locations, path), (locations, path)


@pytest.mark.needs("nginx")
def test_rules_answer_as_nginx_does(tmp_path: Path) -> None:
    """Status, Location, and which location's headers; what reaches the origin is nginx's missing file."""
    found = imported(MAPS + "server {" + SERVER + "}")
    assert not [remark for remark in found.remarks if not remark.is_understood]
    rules = rules_of(found)
    with nginx(tmp_path, SERVER, MAPS) as socket:
        for target, given_headers in REQUESTS:
            status, headers = answer(socket, target, given_headers)
            names = ("x-location", "cache-control")
            expected = status, headers["location"], {name: headers[name] for name in names}
            actual = gets(rules, target, given_headers)
            if status in (403, 404, 410):  # `expires` is for successful responses and redirects
                expected[2].pop("cache-control")
                actual[2].pop("cache-control")
            if target == "/static/a.css":
                assert actual[2]["x-location"] == "static"
            assert actual == expected, (target, given_headers)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("location /a { try_files $uri /index.html; }", "the origin's job"),
        ("location /a { return 301 $geoip_x; }", '"$geoip_x" has no counterpart'),
        ("location /a { return 301 /b/$1; }", "no expression has the groups"),
        ("location ~ [[:alpha:]] { return 404; }", "the expression is not portable"),
        ("location ~ (?P<n>a) { return 404; }", "a path holds encoded"),
        ("location ~ (?i)a { return 404; }", "sets flags"),
        ('location "/a b" { return 404; }', "as it was sent"),
        ("location @named { return 404; }", "a named location"),
        ("location /a { rewrite ^/a/(.*) /$1 last; } location /b { }", "depends on the request"),
        (
            "location /a { rewrite ^/a/b /a/bc last; } location ~ c { return 301 $uri; }",
            "depends on the path",
        ),
        (r"location /a { rewrite ^/a/(\w+) /a/$1/ last; }", "has a line with rewrite"),
        ("location /a { rewrite ^/a/(.*) /b/$1/c last; } location /b { }", "two slashes"),
        ("location /a { rewrite ^/a(.*)$ /$1 break; }", "two slashes"),
        ("location /a { rewrite ^/a /b?c break; add_header X-A $args; }", "has the rewritten URL"),
        (
            "location /a { rewrite ^/a /b?c last; } location /b { add_header X-A $arg_c; }",
            "has the rewritten URL",
        ),
        (
            "location /a { rewrite ^/a /b last; } location /b/ { proxy_pass http://c.example; }",
            "redirects a path",
        ),
        ("set $args a=b;", "nginx reads it itself"),
        ("set $off 1; if ($off) { return 503; }", '"$off" has no counterpart'),
        ("location /a { rewrite ^/a /b; rewrite ^/b /c redirect; }", "see the rewritten path"),
        ("location /a { rewrite ^/a /b x; }", "not a flag"),
        ("location /a { rewrite ^/a b; }", "neither a path nor a URL"),
        ("location ~ ^/(a|b).*\\S$ { return 301 /$1; }", "take in the query"),
        ("location /a { expires modified +24h; }", "the time depends"),
        ("location /a { proxy_cache_valid any 1m; }", "name the status codes"),
        ("location /a { add_header X-A $upstream_status; }", "has no counterpart"),
        ("location /a { proxy_pass http://$backend; }", "a URL with variables"),
        ("location /a { return 444; }", "no rule answers so"),
        ("if (-f $request_filename) { return 403; }", "it tests a file"),
        ("if ($geoip_country_code = DE) { return 403; }", '"$geoip_country_code" has no counterpart'),
        ("if ($http_x ~ a*) { return 403; }", "matches an empty text"),
        ("if ($http_x = $http_y) { return 403; }", "compares two variables"),
        ("if ($scheme ~ http) { return 403; }", "is compared with http or https"),
        (
            r"map $request_uri $x { ~(a) /$1; } server { if ($x) { return 301 $x; } }",
            "only an expression of $uri",
        ),
        ("error_page 404 /404.html;", "for those of an origin"),
        ("location ~ [.]php$ { fastcgi_pass unix:/run/php.sock; }", "the origin's job"),
        ("if ($http_x) { set $y 1; }", "only `return` or `rewrite`"),
        ("if ($http_x) { rewrite ^/a /b; } rewrite ^/b /c redirect;", "see the rewritten path"),
        ("set $y $upstream_status;", "depends on the request"),
        ("location /a { set $y 1; } location /b { return 301 /$y; }", '"$y" has no counterpart'),
        (
            "server { set $y 1; } server { server_name b; location /b { return 301 /$y; } }",
            '"$y" has no counterpart',
        ),
        ("set $y a; location /b { proxy_pass http://$y/c; }", "a URL with variables"),
        ("map $uri $x { hostnames; a b; } server { if ($x) { return 301 $x; } }", 'a line with "hostnames"'),
        ("map $uri $x { /a 0; } server { if ($x) { return 301 $x; } }", "an exception"),
        ("map $uri$host $x { /a /b; } server { if ($x) { return 301 $x; } }", "several variables"),
        (r"map $uri $x { ~(a) /$1; } server { if ($x) { rewrite ^ $x permanent; } }", "groups too"),
        ("include missing.conf;", "no such file"),
        ("include ../above.conf;", "no such file"),
    ],
)
def test_a_line_that_is_not_understood_gives_its_reason(line: str, reason: str) -> None:
    """And its location is a branch all the same, so that its requests get to no other."""
    (found,) = reasons(line)
    assert reason in found


def test_remarks_stand_in_the_order_of_the_lines_and_one_line_of_a_map_stops_no_other() -> None:
    """What is not imported is where a reader of the file looks for it."""
    found = imported(
        """map $uri $to { /a /b; ~^/c/(?<n>.) /d; /e /f; }
        server {
            set $y $args; if ($to) { return 301 $to; } error_page 404 /x;
            if ($query_string != "") { set $z 1; }
        }"""
    )
    lines = [remark.line for remark in found.remarks]
    assert lines == [
        "set $y $args",
        "~^/c/(?<n>.) /d",
        "error_page 404 /x",
        'if $query_string != "" { ... }',
    ]
    rules = rules_of(found)
    assert [gets(rules, path)[1] for path in ("/a", "/e", "/c/1")] == ["/b", "/f", None]


def test_included_files_are_read_in_place(tmp_path: Path) -> None:
    """As nginx reads them: below its folder, those of a pattern in their order; messages name their lines."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "b.conf").write_text("location /b { return 302 /of-b; }\n")
    (tmp_path / "parts" / "a.conf").write_text("\nlocation /a { ssi on; return 302 /of-a; }\n")
    (tmp_path / "moved.map").write_text("/old /new;\n")
    (tmp_path / "mime.types").write_text("types { text/html html; }\n")
    (tmp_path / "again.conf").write_text("include again.conf;\n")
    (tmp_path / "nginx.conf").write_text(
        f"""
        include {tmp_path}/mime.types;
        map $uri $moved {{ include moved.map; }}
        server {{
            include parts/*.conf; include nothing/*.conf; include again.conf;
            if ($moved) {{ return 301 $moved; }}
        }}
        """
    )
    found, _ = read_files([(tmp_path / "nginx.conf", (tmp_path / "nginx.conf").read_text())], None)
    rules = rules_of(found)
    assert [gets(rules, path)[1] for path in ("/a", "/b", "/old")] == ["/of-a", "/of-b", "/new"]
    places = {(Path(remark.source.file).name, remark.source.line): remark.line for remark in found.remarks}
    assert places == {("a.conf", 2): "ssi on", ("again.conf", 1): "include again.conf"}


def test_what_is_passed_on_gets_origin_and_path() -> None:
    """A group of one server is an origin; the path of the location is replaced by that of the URL."""
    text = """
    upstream api { server api.shop.example:8080; }
    server {
        location /api/ { proxy_pass http://api/v1/; proxy_cache_valid 10m; proxy_cache_valid 404 1m; }
        location /web { proxy_pass https://web.shop.example; }
    }"""
    rules = rules_of(imported(text))
    decision = evaluate(rules, Request("/api/a/b?c=d"))
    assert (decision.origin, decision.path) == ("api-shop-example", "/v1/a/b?c=d")
    assert gets(rules, "/api?x=1")[:2] == (301, "/api/?x=1")
    decision = evaluate(rules, Request("/web/a"))
    assert (decision.origin, decision.path) == ("web-shop-example", "/web/a")
    written = routes_text(imported(text), "x")
    assert '"default_internal_max_age": {"200": "10m", "301": "10m", "302": "10m", "404": "1m"}' in written


def test_each_server_has_its_own_requests() -> None:
    """By scheme and name; the default server has the others."""
    rules = rules_of(
        imported(
            """
            server { listen 80; return 301 https://$host$request_uri; }
            server { listen 443 ssl; server_name shop.example; location /a { return 301 /b; } }
            server { listen 443 ssl default_server; return 404; }
            """
        )
    )
    made = [
        evaluate(rules, Request(url))
        for url in (
            "http://shop.example/a?x",
            "https://shop.example/a",
            "https://shop.example/c",
            "https://y.example/a",
        )
    ]
    assert [each.redirect and each.redirect.location for each in made] == [
        "https://shop.example/a?x",
        "/b",
        None,
        None,
    ]
    assert [each.synthetic and each.synthetic.status for each in made] == [None, None, None, 404]


def test_a_configuration_is_known_by_its_ending_and_a_broken_one_is_refused() -> None:
    """With the line that is wrong."""
    assert read_files([(Path("site.conf"), "location / { return 404; }")], None)[1] == "nginx"
    with pytest.raises(LoadError, match=r"nginx.conf:\d: .*"):
        imported("location / {\n return 404;\n")


WORDS = st.sampled_from(
    [
        "return",
        "rewrite",
        "location",
        "server",
        "expires",
        "add_header",
        "proxy_pass",
        "proxy_cache_valid",
        "upstream",
        "listen",
        "server_name",
        "deny",
        "=",
        "^~",
        "~",
        "301",
        "/a",
        "^/(.*)$",
        "$1",
        "$host",
        "1h",
        "443",
        "all",
        "permanent",
        "break",
        "https://a.example",
        "if",
        "($http_x",
        "!=",
        ")",
        "map",
        "$uri",
        "include",
        "default",
    ]
)


@given(st.lists(st.tuples(st.lists(WORDS, max_size=4), st.sampled_from([";", "{", "}", ";}"])), max_size=12))
def test_no_configuration_gives_a_traceback(parts: list[tuple[list[str], str]]) -> None:
    """It is read, or it is an error with its line; what is written runs, or says what is wrong with it."""
    text = "\n".join(f"{' '.join(words)} {end}" for words, end in parts)
    try:
        found = imported(text)
    except LoadError:
        return
    rules_of(found)
