"""Names and values of headers are checked by the same rules wherever they come in (RFC 9110, section 5)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.cli import main
from prefetchrouter.edge.clients.response_headers import wire_headers
from prefetchrouter.edge.origins.http1 import OF_THE_CONNECTION
from prefetchrouter.errors import PrefetchRouterError
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.rules.header_syntax import bad_in_name, bad_in_value

BAD_NAMES = [
    "x y",
    "x:y",
    "",
    " x",
    "x ",
    "x\n",
    "x(y)",
    "x/y",
    "x,y",
    'x"y',
    "x{y}",
    "ä",
    "x\x7f",
    "x@y",
    "[x]",
]
BAD_VALUES = ["1\n2", "1\r2", "\r\n", "a\x00", "a\x1f", "a\x7f", "a\r\nset-cookie: b=1"]

SETTING = (
    "set_request_headers",
    "set_response_headers",
    "add_response_headers",
    "set_origin_response_headers",
)
REMOVING = ("remove_response_headers", "remove_origin_response_headers")


def _rule(headers: dict[str, Any]) -> Callable[[], object]:
    return lambda: Router().always(headers=headers)  # type: ignore[arg-type]


def places_of_a_name(name: str) -> dict[str, Callable[[], object]]:
    """Every way for a header name to come in."""
    pair = {name: "1"}
    return {
        **{feature: _rule({feature: pair}) for feature in SETTING},
        **{
            f"{feature}, long": _rule({feature: {"headers": pair, "execute_on_shield": True}})
            for feature in SETTING[:3]
        },
        **{feature: _rule({feature: [name]}) for feature in REMOVING},
        "set_client_ip_custom_header": _rule({"set_client_ip_custom_header": name}),
        "the cache key": lambda: Router().always(caching={"cache_key": {"include_headers": [name]}}),
        "the cache key's cookies": lambda: Router().always(
            caching={"cache_key": {"include_cookies": [name]}}
        ),
        "a denial": lambda: Router().always(
            access={"token_auth_denial_code": {"code": 403, "headers": pair}}
        ),
        "a helper": lambda: Router().always(lambda route: route.set_response_header(name, "1")),
        "a helper that proxies": lambda: Router().always(lambda route: route.proxy("web", headers=pair)),
        "a helper's cookie": lambda: Router().always(lambda route: route.add_response_cookie(name, "1")),
        "a request": lambda: Request("/", headers=pair),
        "a cookie": lambda: Request("/", cookies=pair),
        "a response": lambda: Response(200, pair),
        "a decision": lambda: evaluate(Router(), Request("/")).response_headers(pair),
    }


def places_of_a_value(value: str) -> dict[str, Callable[[], object]]:
    """Every way for a header value to come in."""
    pair = {"x-a": value}
    return {
        **{feature: _rule({feature: pair}) for feature in SETTING},
        "a denial": lambda: Router().always(
            access={"token_auth_denial_code": {"code": 403, "headers": pair}}
        ),
        "a helper": lambda: Router().always(lambda route: route.set_response_header("x-a", value)),
        "a helper's cookie": lambda: Router().always(lambda route: route.add_response_cookie("a", value)),
        "a request": lambda: Request("/", headers=pair),
        "a cookie": lambda: Request("/", cookies=pair),
        "a fact": lambda: Request("/", facts={"device.brand_name": value}),
        "a response": lambda: Response(200, pair),
        "a decision": lambda: evaluate(Router(), Request("/")).response_headers(pair),
    }


@pytest.mark.parametrize("name", BAD_NAMES, ids=ascii)
@pytest.mark.parametrize("place", places_of_a_name("x"))
def test_a_name_that_is_not_a_token_is_refused_wherever_it_comes_in(place: str, name: str) -> None:
    """With a coded error, and a token is not refused."""
    with pytest.raises(PrefetchRouterError):
        places_of_a_name(name)[place]()
    places_of_a_name("x-Y_1.2")[place]()


@pytest.mark.parametrize("value", BAD_VALUES, ids=ascii)
@pytest.mark.parametrize("place", places_of_a_value("1"))
def test_a_value_that_ends_its_line_is_refused_wherever_it_comes_in(place: str, value: str) -> None:
    """With a coded error, and any other value is not refused."""
    with pytest.raises(PrefetchRouterError):
        places_of_a_value(value)[place]()
    places_of_a_value("text/html, a=1")[place]()


@pytest.mark.parametrize(
    "option",
    [
        ["--header", "x y: 1"],
        ["--header", "x: 1\n2"],
        ["--response-header", "x y: 1"],
        ["--response-header", "x: 1\r\n2"],
        ["--cookie", "a b=1"],
        ["--cookie", "a=1;2"],
        ["--fact", "device.brand_name=a\nb"],
    ],
    ids=ascii,
)
def test_an_option_of_the_command_line_is_checked_alike(
    option: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command could not run: exit code 2, and the option's text in the message."""
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text("from prefetchrouter import Router\nrouter = Router()\n", encoding="utf-8")
    assert main(["explain", "/", *option]) == 2
    assert "[request]" in capsys.readouterr().err


@given(st.text(max_size=8), st.text(max_size=8))
def test_what_a_rule_may_set_is_sent_as_it_is(name: str, value: str) -> None:
    """Nothing that builds is dropped or shortened on the wire, except for blanks around a value."""
    try:
        Router().always(headers={"set_response_headers": {name: value}})
    except PrefetchRouterError:
        return
    sent = name.removeprefix("+").lower()
    assert bad_in_name(sent) is None
    assert bad_in_value(value) is None
    if sent not in OF_THE_CONNECTION | {"date"}:
        wired = dict(wire_headers(HeaderFields({sent: value})))
        assert wired[sent.encode()] == value.strip(" \t").encode()
