"""How variables are read from a request."""

from __future__ import annotations

import pytest

from prefetchrouter import Request
from prefetchrouter.evaluation.accessors import accessor
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.http.message import Response
from prefetchrouter.rules.conditions import variable
from prefetchrouter.rules.variables import VariableSpec, all_variables

REQUEST = Request(
    "https://Shop.example:8443/a/b.tar.gz?q=a+b&Q=2&empty=&x=%41",
    "post",
    headers={"Accept": "text/html", "Referer": "https://www.other.example/x", "X-Forwarded-Host": "outer"},
    cookies={"session": "1"},
    facts={
        "location.country": "DE",
        "location.asn": 15133,
        "device.is_mobile": True,
        "device.is_ios": False,
        "request.client_ip": "5.5.5.5",
        "request.pop_code": "fra",
        "random": 7,
        "mtls.client_certificate_verified": "SUCCESS",
        "variable.virt_http_version": "2.0",
    },
    response=Response(404, {"Vary": "Accept", "Content-Length": "12"}),
)


@pytest.mark.parametrize(
    "namespace, name, expected",
    [
        ("request", "path", "/a/b.tar.gz"),
        ("request", "origin_path", "/a/b.tar.gz"),
        ("request", "method", "POST"),
        ("request", "scheme", "HTTPS"),
        ("request", "query", "q=a+b&Q=2&empty=&x=A"),
        ("request", "querystring", "q=a+b&Q=2&empty=&x=A"),
        ("request", "origin_query_string", "q=a+b&Q=2&empty=&x=A"),
        ("request", "client_ip", "5.5.5.5"),
        ("request", "pop_code", "fra"),
        ("request", "referring_domain", "www.other.example"),
        ("request.origin_query", "q", "a b"),
        ("request.origin_query", "x", "A"),
        ("request.origin_query", "%78", "A"),
        ("request.origin_query", "Q", "2"),
        ("request.origin_query", "X", None),
        ("request.origin_query", "empty", ""),
        ("request.origin_query", "none", None),
        ("request.path", "filename", "b.tar.gz"),
        ("request.path", "extension", "gz"),
        ("request.path", "directory", "/a"),
        ("request.header", "accept", "text/html"),
        ("request.header", "host", "shop.example:8443"),
        ("request.header", "cookie", "session=1"),
        ("request.header", "x-none", None),
        ("request.cookie", "session", "1"),
        ("request.cookie", "Session", None),
        ("location", "country", "DE"),
        ("location", "city", "?"),
        ("device", "is_mobile", "true"),
        ("device", "model_name", None),
        ("random", 99, "7"),
        ("pop_code", "any", "fra"),
        ("mtls", "client_certificate_verified", "SUCCESS"),
        ("response", "status_code", "404"),
        ("variable", "status", "404"),
        ("variable", "resp_vary", "Accept"),
        ("variable", "content_length", "12"),
        ("variable", "geo_country", "DE"),
        ("variable", "geo_city", None),
        ("variable", "virt_http_version", "2.0"),
        ("variable", "http_x_forwarded_host", "outer"),
        ("variable", "virt_dst_addr", "5.5.5.5"),
        ("variable", "host", "shop.example"),
        ("variable", "uri", "/a/b.tar.gz"),
        ("variable", "cookie_session", "1"),
        ("variable", "arg_x", "A"),
        ("variable", "wurfl_vcap_is_ios", "false"),
    ],
)
def test_a_variable_is_read(namespace: str, name: str | int, expected: str | None) -> None:
    """Each kind of variable has its place in a request."""
    assert expected == accessor(variable(namespace, name)).value(RequestContext(REQUEST))


@pytest.mark.parametrize("spec", all_variables(), ids=lambda spec: f"{spec.namespace}.{spec.name}")
def test_every_documented_variable_can_be_read(spec: VariableSpec) -> None:
    """No variable of the tables lacks an accessor, and each is known in the phase that the tables say."""
    names: dict[str, str | int] = {"<name>": "x", "<max>": 99, "<code>": "x"}

    found = accessor(variable(spec.namespace, names.get(spec.name, spec.name)))

    assert found.value(RequestContext(Request("/"))) in (None, "", "?", "/", "GET", "HTTPS", "localhost")
    assert found.is_late is (spec.phase == "response")


@pytest.mark.parametrize(
    "path, filename, extension, directory",
    [
        ("/", "", "", ""),
        ("/a", "a", "", ""),
        ("/a/", "", "", "/a"),
        ("/v1.2/users", "users", "", "/v1.2"),
        ("/a/.htaccess", ".htaccess", "htaccess", "/a"),
        ("/a/x.", "x.", "", "/a"),
    ],
)
def test_the_parts_of_a_path(path: str, filename: str, extension: str, directory: str) -> None:
    """The extension comes without its dot, the directory is compared without its last slash."""
    context = RequestContext(Request(path))
    parts = [
        accessor(variable("request.path", part)).value(context)
        for part in ("filename", "extension", "directory")
    ]

    assert [filename, extension, directory] == parts
