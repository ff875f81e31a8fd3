"""Netlify's redirects mean the same as rules: against a small reading of its documentation."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing.imported_routes import outcome, rules_of
from prefetchrouter.importing import Imported
from prefetchrouter.importing.netlify_redirects import read_redirects

SEGMENTS = st.sampled_from(["a", "b", "News", "c.d", "caf%C3%A9"])


def imported(text: str) -> Imported:
    """What is read from lines."""
    found = Imported()
    read_redirects(text, "_redirects", found)
    return found


def documented(text: str, url: str, country: str = "", cookies: tuple[str, ...] = ()) -> tuple[object, ...]:
    """What Netlify's pages say: the first rule whose source matches, segment by segment."""
    parts = urlsplit(url)
    for line in text.split("\n"):
        words = line.split()
        place = next(place for place, word in enumerate(words[1:], 1) if word.startswith(("/", "https:")))
        to, status = words[place], words[place + 1] if len(words) > place + 1 else "301"
        captured = segments_match(words[0], parts.path)
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
        wanted = dict(word.split("=") for word in words[1:place])
        if captured is None or not conditions_hold(words[place + 2 :], country, cookies):
            continue
        if wanted:
            if set(wanted) != set(query):
                continue
            if any(not value.startswith(":") and query[name] != value for name, value in wanted.items()):
                continue
            captured |= {value[1:]: query[name] for name, value in wanted.items() if value.startswith(":")}
        for name, value in captured.items():
            to = re.sub(rf":{name}\b", lambda _, value=value: value, to)  # type: ignore[misc]
        return answer(to, int(status.rstrip("!")), "" if wanted else parts.query, url)
    return "origin", None, url, None


def answer(to: str, status: int, query: str, url: str) -> tuple[object, ...]:
    """The redirect or rewrite to a destination whose placeholders are filled in."""
    # Where a placeholder is empty, rules write one slash for two: "//" would begin the name of a host.
    to = re.sub("(?<!:)//+", "/", to)
    if status in (301, 302):
        location = to if "?" in to or not query else f"{to}?{query}"
        return ("origin", None, url, None) if location == url else ("redirect", status, location)
    path, _, own = to.partition("?")
    whole = path + ("?" if own or query else "") + "&".join(filter(None, (own, query)))
    origin = None
    if to.startswith("https://"):
        host, slash, rest = whole.removeprefix("https://").partition("/")
        origin, whole = host.replace(".", "-"), slash + rest
    return "origin", origin, whole, None if status == 200 else status


def segments_match(source: str, path: str) -> dict[str, str] | None:
    """The placeholders and the splat, or None; a slash at the end does not count."""
    left, right = source.strip("/").split("/"), path.split("/")[1:]
    captured: dict[str, str] = {}
    for place, segment in enumerate(left):
        if segment == "*":
            return {**captured, "splat": "/".join(right[place:])}
        if place >= len(right) or (not right[place] and segment):
            return None
        if segment.startswith(":"):
            captured[segment[1:]] = right[place]
        elif segment != right[place]:
            return None
    rest = right[len(left) :]
    return captured if rest in ([], [""]) else None


def conditions_hold(words: list[str], country: str, cookies: tuple[str, ...]) -> bool:
    """Whether a visitor of a country, with cookies, is meant."""
    for word in words:
        name, value = word.split("=")
        if name == "Country" and country.lower() not in value.split(","):
            return False
        if name == "Cookie" and value not in cookies:
            return False
    return True


@st.composite
def lines(draw: st.DrawFn) -> str:
    """One line, of each documented form."""
    segments = draw(st.lists(SEGMENTS, min_size=1, max_size=2))
    names: list[str] = []
    if draw(st.booleans()):
        segments.insert(draw(st.integers(0, len(segments))), ":x")
        names.append(":x")
    if draw(st.booleans()):
        segments.append("*")
        names.append(":splat")
    query = draw(st.sampled_from(["", "", "", "id=:id", "id=:id t=1"]))
    statuses = ["", "301", "302!", "301!"]
    if query:
        names.append(":id")
    else:
        statuses += ["200", "200!", "404!"]
    status = draw(st.sampled_from(statuses))
    target = [*draw(st.lists(SEGMENTS, max_size=2)), *draw(st.permutations(names))]
    host = draw(st.sampled_from(["", "", "https://api.shop.example"])) if not status.startswith("4") else ""
    own = draw(st.sampled_from(["", "", "?p=1"])) if not query else ""
    condition = draw(st.sampled_from(["", "", "Country=de,at", "Cookie=beta"])) if status else ""
    words = ["/" + "/".join(segments), query, f"{host}/{'/'.join(target)}{own}", status, condition]
    return " ".join(filter(None, words))


PATHS = st.lists(SEGMENTS | st.just("x1"), max_size=4).map(lambda parts: "/" + "/".join(parts))
QUERIES = st.sampled_from(["", "?id=7", "?id=7&t=1", "?t=1&id=7", "?t=2&id=7", "?q=1"])


@given(
    st.lists(lines(), min_size=1, max_size=5),
    st.lists(st.tuples(PATHS, st.sampled_from(["", "/"]), QUERIES), min_size=1, max_size=12),
    st.sampled_from(["", "DE", "FR"]),
    st.sampled_from([(), ("beta",)]),
)
def test_rules_do_what_the_documentation_says(
    written: list[str], urls: list[tuple[str, str, str]], country: str, cookies: tuple[str, ...]
) -> None:
    """For random files and requests: the same redirect, or the same path, origin and status."""
    text = "\n".join(written)
    found = imported(text)
    assert not [remark for remark in found.remarks if not remark.is_understood]
    rules = rules_of(found)
    for path, slash, query in urls:
        url = path + ("" if path == "/" else slash) + query
        expected = documented(text, url, country, cookies)
        facts = {"location.country": country} if country else {}
        given = outcome(rules, url, facts=facts, cookies=dict.fromkeys(cookies, "1"))
        assert given == expected, (text, url)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("/a", "there is no destination"),
        ("/a b", 'begins with "/"'),
        ("/a /b x", '"x" is not a status'),
        ("/a /b 307", "does not document the status 307"),
        ("/a /b 301 Language=en", '"Language=en" has no counterpart'),
        ("/a /b 301! Role=admin", '"Role=admin" has no counterpart'),
        ("/* /index.html 200", "where the site has no file"),
        ("/a/*/b /c", "a placeholder is a whole segment"),
        ("/a/:b-:c /c", "a placeholder is a whole segment"),
        ("/a /b/:c", 'no placeholder ":c"'),
        ("/a /.netlify/functions/b 200", "functions and services"),
        ("/a/../b /c", "no request has such a path"),
        ("/a https://:x/b 200", "no placeholder"),
        ("/a /b$1", "special character"),
        ("/a /b%{host}", "special character"),
    ],
)
def test_a_line_that_is_not_understood_gives_its_reason(line: str, reason: str) -> None:
    """And no rule."""
    found = imported(line)
    (remark,) = (remark for remark in found.remarks if not remark.is_understood)
    assert reason in remark.reason
    assert [part for part in found.parts if part not in found.remarks] == []


def test_a_source_may_be_a_url() -> None:
    """Scheme and host are conditions then."""
    rules = rules_of(imported("https://old.shop.example/* https://shop.example/:splat 301!"))
    assert outcome(rules, "https://old.shop.example/a?b=1") == ("redirect", 301, "https://shop.example/a?b=1")
    assert outcome(rules, "https://shop.example/a")[0] == "origin"
    assert outcome(rules, "http://old.shop.example/a")[0] == "origin"


def test_comments_stay_above_their_lines() -> None:
    """Also those behind a line are comments."""
    found = imported("# Old pages\n/a /b # moved\n")
    assert [part.comments for part in found.parts if part not in found.remarks] == [("Old pages",)]  # type: ignore[union-attr]
