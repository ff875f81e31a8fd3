"""What holds for all headers, bodies and times, found out with random ones."""

from __future__ import annotations

import gzip
from email import message_from_bytes

from hypothesis import event, example, given
from hypothesis import strategies as st

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.edge.policy.compression import compressed
from prefetchrouter.edge.policy.forwarding import HeadersByRules, origin_headers
from prefetchrouter.edge.policy.ranges import range_response
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.freshness.cache_control import MOST_SECONDS
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http_cache.age import corrected_initial_age, with_age, with_date
from prefetchrouter.http_cache.conditional import headers_of_304, is_not_modified
from prefetchrouter.http_cache.hop_by_hop import HOP_BY_HOP, end_to_end_headers
from prefetchrouter.http_cache.spoofable import is_spoofable
from prefetchrouter.http_cache.storage import (
    NotStorable,
    StoragePolicy,
    only_if_cached,
    reason_to_pass,
    serves_on_error,
    state,
    storage_policy,
    wants_validation,
)
from prefetchrouter.http_cache.validation import conditional_headers, freshened, is_about
from prefetchrouter.http_cache.validators import entity_tag
from prefetchrouter.http_cache.vary import selecting, vary_names
from prefetchrouter.rules.header_syntax import bad_in_name, bad_in_value
from prefetchrouter.rules.typed.sections import CachingDict

NAMES = [
    "accept-encoding", "age", "authorization", "cache-control", "connection", "content-encoding",
    "content-length", "content-range", "content-type", "date", "etag", "expect", "expires", "forwarded",
    "host", "if-match", "if-modified-since", "if-none-match", "if-range", "last-modified", "pragma", "range",
    "set-cookie", "te", "vary", "via", "x-a", "x-forwarded-for", "x-forwarded-host", "x-real-ip",
]  # fmt: skip
WORDS = [
    "*", ",", ";", "=", '"', '"a"', 'W/"a"', "W/", "bytes=", "0-1", "5-", "-3", "9" * 5000, "max-age=60",
    "no-cache", "private", "s-maxage=1", "stale-if-error=9", "stale-while-revalidate=9", "must-revalidate",
    "gzip", "q=0", "q=9e9", "identity", "x-a", "vary", "text/html", "Thu, 01 Jan 1970 00:15:00 GMT",
    "Thu, 01 Jan 9999 00:15:00 GMT", "Mon, 01 Jan 0001 00:00:00 +2300", "\0", "\r\n", "\u0661", "\u017f",
    "\ud800", "\u00fc", " ", "\t", "203.0.113.5",
]  # fmt: skip

texts = st.lists(st.sampled_from(WORDS), max_size=5).map("".join) | st.text(max_size=20)
headers = st.dictionaries(
    st.sampled_from(NAMES) | st.text(max_size=8), st.lists(texts, min_size=1, max_size=3), max_size=8
).map(HeaderFields)
times = st.floats(-1e12, 1e12)
bodies = st.binary(max_size=40) | st.binary(min_size=1, max_size=3).map(lambda piece: piece * 200)
FEATURES: list[CachingDict] = [
    {},
    {"max_age": "1h"},
    {"max_age": {"404": "0s", "200": "1h"}, "ignore_origin_no_cache": [200, 404], "stale_on_error": True},
    {"default_internal_max_age": "1h", "stale_while_revalidate": "1m", "honor_no_cache_request_header": True},
    {"cacheable_status_codes": [404], "enable_caching_for_methods": ["POST"], "stale_on_error": True},
    {"max_age": "1h", "cache_key": {"include_headers": ["authorization"]}},
]
methods = st.sampled_from(["GET", "GET", "GET", "GET", "POST", "HEAD", "DELETE"])
statuses = st.sampled_from([200, 200, 200, 404, 103, 206, 304, 599])
controls = st.lists(
    st.sampled_from(
        [
            "max-age=60", "s-maxage=60", "max-age=0", "stale-while-revalidate=9", "stale-if-error=9",
            "no-cache", "no-store", "private", "must-revalidate", "public",
        ]
    ),
    max_size=3,
).map(", ".join)  # fmt: skip


@given(st.sampled_from(FEATURES), methods, statuses, headers, headers, controls, times)
def test_no_header_is_refused_and_what_is_kept_is_kept_for_a_time(
    caching: CachingDict,
    method: str,
    status: int,
    asked: HeaderFields,
    answer: HeaderFields,
    control: str,
    age: float,
) -> None:
    router = Router().match("/a", caching=caching) if caching else Router()
    known = {
        name: asked[name]
        for name in asked
        if name != "cookie" and bad_in_name(name) is None and bad_in_value(asked[name]) is None
    }
    answer = HeaderFields({**answer, "cache-control": control}) if control else answer
    decision = evaluate(router, Request("/a", method, headers=known, response=Response(status, answer)))
    wants_validation(decision, asked)
    only_if_cached(asked)
    passes = reason_to_pass(decision, method, asked)
    found = storage_policy(decision, method, asked, status, answer, age=age)
    event(found.reason if isinstance(found, NotStorable) else "kept")
    if isinstance(found, NotStorable):
        assert found.reason
        return
    assert passes is None
    assert status not in (103, 206, 304)
    assert method != "HEAD"
    assert "set-cookie" not in answer
    assert vary_names(answer) is not None
    assert found.stale >= 0
    assert found.error >= 0
    assert found.fresh > 0 or "etag" in answer or "last-modified" in answer


@given(times, st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0, 1e9))
def test_a_copy_only_gets_worse(fresh: float, stale: float, error: float, one: float, other: float) -> None:
    copy = StoragePolicy(fresh, stale, error, "rule")
    earlier, later = sorted((one, other))
    order = ["fresh", "stale", "expired"]
    assert order.index(state(copy, earlier)) <= order.index(state(copy, later))
    assert serves_on_error(copy, earlier) or not serves_on_error(copy, later)
    if state(copy, later) == "fresh":
        assert serves_on_error(copy, later)


@given(headers, times, times, times)
def test_ages_and_dates_can_always_be_reported(
    response: HeaderFields, request_time: float, response_time: float, age: float
) -> None:
    found = corrected_initial_age(response, request_time=request_time, response_time=response_time)
    assert 0 <= found <= MOST_SECONDS
    assert 0 <= int(with_age(response, age)["age"]) <= MOST_SECONDS
    dated = with_date(response, 1_767_268_800)
    assert with_date(dated, 5) is dated


@given(headers, headers)
def test_a_vary_can_always_be_asked(answer: HeaderFields, request: HeaderFields) -> None:
    names = vary_names(answer)
    if names is None:
        assert answer["vary"]
        return
    assert list(names) == sorted(set(names))
    said = selecting(names, request)
    assert tuple(name for name, _ in said) == names
    again = HeaderFields({name: text for name, text in said if text is not None})
    assert selecting(names, again) == said


@given(headers, headers)
def test_freshening_twice_changes_nothing_more(copy: HeaderFields, update: HeaderFields) -> None:
    is_about(copy, update)
    once = freshened(copy, update)
    assert freshened(once, update) == once
    assert once.all("content-length") == copy.all("content-length")
    assert set(once) - set(copy) <= set(end_to_end_headers(update))


@given(headers)
def test_what_a_copy_asks_with_is_what_it_has(copy: HeaderFields) -> None:
    asked = conditional_headers(copy)
    assert set(asked) <= {"if-none-match", "if-modified-since"}
    assert not any(character in text for _, text in asked.fields() for character in "\0\r\n")
    assert is_about(copy, copy)
    for name in asked:
        if name == "if-none-match" and asked[name] in ('"a"', 'W/"a"'):
            assert is_not_modified(HeaderFields({name: asked[name]}), 200, copy)


@given(headers, st.sampled_from([200, 404]), headers)
def test_a_304_holds_nothing_of_a_body(request: HeaderFields, status: int, copy: HeaderFields) -> None:
    if is_not_modified(request, status, copy):
        assert status == 200
        assert "if-none-match" in request or "if-modified-since" in request
    assert not {"content-type", "content-length", "content-encoding", "set-cookie"} & set(
        headers_of_304(copy)
    )


@given(headers, headers, bodies, st.booleans())
def test_no_range_is_refused(request: HeaderFields, copy: HeaderFields, body: bytes, ignores: bool) -> None:
    response = range_response("GET", request, copy, body, ignores_unsatisfiable=ignores)
    if response is not None:
        assert "range" in request
        assert response.status == 206 or (response.status == 416 and not ignores)
        assert isinstance(response.body, bytes)
        assert response.headers["content-length"] == str(len(response.body))


specifiers = st.one_of(
    st.tuples(st.integers(0, 60), st.integers(0, 5)).map(lambda pair: f"{pair[0]}-{sum(pair)}"),
    st.integers(0, 60).map(lambda first: f"{first}-"),
    st.integers(0, 5).map(lambda last: f"-{last}"),
)


@given(st.lists(specifiers, min_size=1, max_size=4), st.binary(min_size=1, max_size=60))
def test_every_part_is_the_slice_that_it_says(asked: list[str], body: bytes) -> None:
    copy = HeaderFields({"content-type": "text/plain"})
    response = range_response("GET", HeaderFields({"range": f"bytes={','.join(asked)}"}), copy, body)
    if response is None or response.status == 416:
        event("whole" if response is None else "416")
        return
    assert isinstance(response.body, bytes)
    told = response.headers.get("content-range")
    if told is not None:
        parts = [(told, response.body)]
    else:
        head = f"content-type: {response.headers['content-type']}\r\n\r\n".encode()
        raw = response.body.split(f"--{response.headers['content-type'].partition('=')[2]}".encode())[1:-1]
        parts = [
            (message_from_bytes(piece.partition(b"\r\n\r\n")[0].lstrip())["content-range"],
             piece.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n"))
            for piece in raw
        ]  # fmt: skip
        assert message_from_bytes(head + response.body).is_multipart()
    event(f"{len(parts)} parts")
    covered: set[int] = set()
    for text, piece in parts:
        span, _, size = text.removeprefix("bytes ").partition("/")
        first, _, last = span.partition("-")
        assert body[int(first) : int(last) + 1] == piece != b""
        assert int(size) == len(body)
        assert not covered & set(range(int(first), int(last) + 1))
        covered |= set(range(int(first), int(last) + 1))


@given(
    headers, headers, st.none() | st.lists(st.sampled_from(["via", "x-forwarded-for"]), max_size=2).map(tuple)
)
def test_nothing_of_the_connection_and_no_lie_reaches_an_origin(
    client: HeaderFields, rules: HeaderFields, special: tuple[str, ...] | None
) -> None:
    request = EdgeRequest("GET", "https", "shop.example", "/", headers=client, client="192.0.2.7")
    ruled = HeadersByRules(frozenset(rules))
    sent = origin_headers(HeaderFields({**client, **rules}), request, special=special, ruled=ruled)
    assert not HOP_BY_HOP & set(sent)
    assert not HOP_BY_HOP & set(end_to_end_headers(client))
    untouched = origin_headers(client, request, special=special)
    added = {"x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https", "x-forwarded-host": "shop.example"}
    for name in filter(is_spoofable, untouched):
        assert untouched[name] == added[name]
    assert client.all("host") == untouched.all("host")


@example(HeaderFields(), HeaderFields({"etag": ""}), b"a" * 200, "gzip")
@given(headers, headers, bodies, st.sampled_from(["gzip", "*", "br", "gzip;q=0"]) | texts)
def test_what_is_sent_with_gzip_is_the_body(
    request: HeaderFields, answer: HeaderFields, body: bytes, codings: str
) -> None:
    request = HeaderFields({**request, "accept-encoding": codings})
    answer = HeaderFields({**answer, "content-type": "text/html"})
    found, sent = compressed(request, answer, body, ["text/html"])
    assert compressed(request, answer, body, ["text/html"]) == (found, sent)
    if sent is not body:
        event("gzip")
        assert gzip.decompress(sent) == body
        assert len(sent) < len(body)
        assert found["content-encoding"] == "gzip"
        tag = entity_tag(found)
        assert tag is None or tag.startswith("W/")
    else:
        assert found.all("content-encoding") == answer.all("content-encoding")
        assert found.all("etag") == answer.all("etag")
