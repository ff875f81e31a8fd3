"""What the client gets of a whole answer: headers by rules, 304, 206 and 416."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from edge.model.lifetime import moment
from edge.model.origin import http_date
from edge.model.plain import Answer, Ask, Fields, value_of, with_field, without
from edge.model.rules import Settings

NO_CLIENT_CACHE = "private, no-cache, no-store, must-revalidate"
OF_THE_BODY = ("etag", "last-modified", "content-range")
IN_304 = ("age", "cache-control", "cdn-cache-control", "content-location", "date", "etag", "expires", "vary")
BEGINNING = "Thu, 01 Jan 1970 00:00:00 GMT"


def origin_side(headers: Fields, settings: Settings) -> Fields:
    """The origin's headers after the rules that are for these."""
    for step, name, value in settings.origin_header_steps:
        headers = without(headers, name) if step == "remove" else with_field(headers, name, value)
    return headers


def client_side(headers: Fields, settings: Settings) -> Fields:
    """The headers that the client gets."""
    if settings.get("bypass_client_cache"):
        headers = with_field(headers, "cache-control", NO_CLIENT_CACHE)
    elif settings.get("client_max_age") is not None:
        headers = _client_age(headers, settings)
    worker = settings.duration("service_worker_max_age")
    if worker is not None and not settings.get("deny_access"):
        headers = with_field(headers, "x-sw-cache-control", f"max-age={worker}")
    for step, name, value in settings.header_steps:
        if step == "remove":
            headers = without(headers, name)
        elif step == "set":
            headers = with_field(headers, name, value)
        else:
            headers = (*headers, (name, value))
    return headers


def _client_age(headers: Fields, settings: Settings) -> Fields:
    age = settings.duration("client_max_age")
    assert age is not None
    date = moment(value_of(headers, "date"))
    control = f"max-age={age}" if age >= 0 else "no-cache"
    end = BEGINNING if age < 0 else None if date is None else http_date(date + age)
    for name, own in (("cache-control", control), ("expires", end)):
        treatment = settings.get(name.replace("-", "_") + "_header_treatment") or "overwrite"
        if treatment == "remove":
            headers = without(headers, name)
        elif treatment == "overwrite" or (treatment == "if_missing" and value_of(headers, name) is None):
            headers = without(headers, name) if own is None else with_field(headers, name, own)
    return headers


def as_ruled(seen: Answer, settings: Settings) -> Answer | None:
    """The answer with the status and body that rules set in its place, None without any."""
    status, text = settings.get("set_status_code"), settings.get("set_response_body")
    if status is None and text is None:
        return None
    ruled = replace(seen, status=status or seen.status)
    if text is None:
        return ruled
    return replace(ruled, headers=without(seen.headers, *OF_THE_BODY), body=text.encode(), broken=False)


def part(ask: Ask, whole: Answer, settings: Settings) -> Answer:
    """What of a copy a client asked for; by validators as the client sees them."""
    whole = unless_known(ask, whole, settings)
    if whole.status != 200 or whole.broken:
        return whole
    found = value_of(ask.headers, "range")
    if ask.method != "GET" or found is None or not _range_holds(ask, whole):
        return whole
    size = len(whole.body)
    span = _span(found, size)
    if span is None:
        return whole
    first, last = span
    if first >= size or last < first:
        if settings.get("ignore_unsatisfiable_ranges"):
            return whole
        return Answer(416, (("content-range", f"bytes */{size}"), ("cache-control", "no-store")))
    headers = with_field(whole.headers, "content-range", f"bytes {first}-{last}/{size}")
    return Answer(206, headers, whole.body[first : last + 1])


def unless_known(ask: Ask, whole: Answer, settings: Settings) -> Answer:
    """The answer, or a 304 when the client has it."""
    if whole.status != 200 or ask.method not in ("GET", "HEAD") or not _unchanged(ask, whole):
        return whole
    names = IN_304 if value_of(whole.headers, "etag") is not None else (*IN_304, "last-modified")
    own = [name for step, name, _ in settings.header_steps if step != "remove"]
    names = (*names, "x-sw-cache-control", *own)
    return Answer(304, tuple(pair for pair in whole.headers if pair[0] in names))


def _unchanged(ask: Ask, whole: Answer) -> bool:
    tags = value_of(ask.headers, "if-none-match")
    if tags is not None:
        own = value_of(whole.headers, "etag")
        if tags.strip() == "*":
            return True
        return own is not None and own.removeprefix("W/") in [
            tag.strip().removeprefix("W/") for tag in tags.split(",")
        ]
    since = moment(value_of(ask.headers, "if-modified-since"))
    if since is None:
        return False
    changed = moment(value_of(whole.headers, "last-modified"))
    if changed is None:
        changed = moment(value_of(whole.headers, "date"))
    return changed is not None and changed <= since


def _range_holds(ask: Ask, whole: Answer) -> bool:
    condition = value_of(ask.headers, "if-range")
    if condition is None:
        return True
    if condition.startswith(('"', "W/")):
        return condition == value_of(whole.headers, "etag") and not condition.startswith("W/")
    return condition == value_of(whole.headers, "last-modified")


def _span(text: str, size: int) -> tuple[int, int] | None:
    unit, _, span = text.partition("=")
    first, dash, last = span.partition("-")
    if unit != "bytes" or not dash or not (first or last):
        return None
    if not first and int(last) and not size:
        return None  # all of nothing (RFC 9110, section 14.1.2)
    if not first:
        return max(0, size - int(last)), size - 1 if int(last) else -1
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last), size - 1) if last else size - 1


def led_on(ask: Ask, answer: Answer) -> Answer:
    """The redirect of a prefetch that only the cache may answer leads to another one."""
    place = value_of(answer.headers, "location")
    ours = [part for part in ask.query.split("&") if part.split("=")[0][:6] == "edgio_"]
    if place is None or answer.status // 100 != 3 or "edgio_prefetch=1" not in ours:
        return answer
    parts = urlsplit(place)
    if parts.netloc and (parts.scheme not in ("", "http", "https") or parts.netloc != ask.host):
        return answer
    theirs = [part for part in parts.query.split("&") if part and part.split("=")[0][:6] != "edgio_"]
    there = urlunsplit(parts._replace(query="&".join(theirs + ours)))
    return replace(answer, headers=with_field(answer.headers, "location", there))
