import pytest

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.rules.features import Features, ShieldedHeaderNames, reserved_headers
from prefetchrouter.rules.features.reserved import FRAMING


def test_a_reserved_header_is_a_warning_and_no_error() -> None:
    """Published rules remove "server", so it has to stay possible."""
    (found,) = reserved_headers(Features(headers={"remove_response_headers": ["Server"]}))
    assert (found.code, found.severity) == ("reserved-header", "warning")


def test_names_are_compared_without_case_and_without_the_plus() -> None:
    """`+Host` appends to the same header as `host`."""
    headers = {"set_request_headers": {"+Host": "a", "X-EC-Tag": "b", "x-mine": "c"}}
    assert len(reserved_headers(Features(headers=headers))) == 2  # type: ignore[arg-type]


def test_request_and_response_headers_have_their_own_lists() -> None:
    """The origin may be sent an Age header, the visitor may not."""
    assert not reserved_headers(Features(headers={"set_request_headers": {"age": "1"}}))
    assert reserved_headers(Features(headers={"set_response_headers": {"age": "1"}}))


def test_the_long_form_is_looked_into() -> None:
    """A wrapper hides nothing."""
    long = ShieldedHeaderNames(headers=["via"], execute_on_shield=True)
    assert reserved_headers(Features(headers={"remove_response_headers": long}))


def test_the_header_that_carries_the_address_is_looked_at() -> None:
    """It is a name by itself, not a list."""
    assert reserved_headers(Features(headers={"set_client_ip_custom_header": "x-edg-ip"}))


def test_without_headers_there_is_nothing_to_say() -> None:
    """Most rules set none."""
    assert reserved_headers(Features()) == []


@pytest.mark.parametrize("name", sorted(FRAMING))
@pytest.mark.parametrize(
    "feature",
    [
        "add_response_headers",
        "remove_origin_response_headers",
        "remove_response_headers",
        "set_client_ip_custom_header",
        "set_origin_response_headers",
        "set_request_headers",
        "set_response_headers",
    ],
)
def test_no_rule_changes_the_framing_of_messages(feature: str, name: str) -> None:
    """Neither towards clients nor towards origins, however it is spelled; the warning says so."""
    for spelled in (name, name.title(), f"+{name}"):
        if feature == "set_client_ip_custom_header":
            if spelled[0] == "+":
                continue
            value: object = spelled
        else:
            value = [spelled] if feature.startswith("remove") else {spelled: "3"}
        features = Features(headers={feature: value})  # type: ignore[arg-type]
        (warning,) = reserved_headers(features)
        assert warning.hint == "the edge leaves it as it is: each message and each connection has its own"
        fields = {name: "7", "x-a": "1"}
        request = Request("/a", "POST", fields, response=Response(200, fields))
        decision, plain = evaluate(Router().always(features), request), evaluate(Router(), request)
        assert plain.request_headers == decision.request_headers
        assert plain.response_headers() == decision.response_headers()
        stored = [found.downstream.stored_headers(HeaderFields(fields)) for found in (plain, decision)]
        assert stored[0] == stored[1]
