"""The pages: what each shows, who may see it, and what it lets a browser do."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import urlencode

import pytest

from edge.exchanges import exchange, origin_request
from edge.pages.asking import Page, Site, view
from prefetchrouter.edge.pages.edge_pages import is_page
from prefetchrouter.edge.request_trace import RequestTrace

HIT = exchange(
    "/pages/2",
    query="edgio_prefetch=1",
    time=1088,
    prefetch="hit",
    ttl=3470,
    age=130,
    key="localhost/pages/2",
    rules=("routes.py:12",),
    asked={"cookie": "session=0123456789", "accept": "text/html"},
    sent={
        "cache-control": "max-age=900",
        "x-sw-cache-control": "max-age=600",
        "set-cookie": "seen=9876543210",
    },
)
REFUSED = exchange("/pages/3", time=1080, status=412, cache="refused", prefetch="refused", size=0)
MISS = exchange("/about", time=1000, cache="miss", origin_calls=["web: 200 in 12 ms"])
EVERY = ("requests", "requests/1", "cache", "origin")
DATA = ("requests.json", "requests/1.json", "cache.json", "origin.json")


@pytest.mark.parametrize("path", [*EVERY, *DATA, "requests/99", "cache/x", ""])
def test_no_one_else_sees_a_page(path: str) -> None:
    """Not other machines, not other names, whatever the page."""
    site = Site(HIT)
    assert site.get(path, client="192.0.2.1").status == 403
    refused = site.get(path, headers={"host": "evil.example"})
    assert refused.status == 403
    assert isinstance(refused.body, bytes)
    assert b"pages/2" not in refused.body


@pytest.mark.parametrize("path", ["cache-manifest.js", "requestsx", "prefetch/install.js"])
def test_other_paths_are_not_ours(path: str) -> None:
    """The site is at another port."""
    assert Site().ask(path).status == 404


@pytest.mark.parametrize("path", [*EVERY, *DATA])
def test_nothing_is_stored_framed_or_sniffed(path: str) -> None:
    """On every page and all data."""
    headers = Site(HIT).get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", EVERY)
def test_only_our_own_style_and_script_run(path: str) -> None:
    """By their hashes; nothing inline besides, no handlers, no style attributes."""
    response = Site(HIT, copies=(view(),)).get(path)
    page = Page.of(response)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", page.source, re.S)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    names = {name for _, attributes in page.elements for name in attributes}
    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]


@pytest.mark.parametrize("path", [*EVERY, "requests/99"])
def test_the_icon_comes_with_the_page(path: str) -> None:
    """Browsers that find none ask the site for one, which would be a request that no one made."""
    response = Site(HIT).get(path)
    icons = [
        attributes["href"]
        for name, attributes in Page.of(response).elements
        if attributes.get("rel") == "icon"
    ]
    assert [str(icon)[:19] for icon in icons] == ["data:image/svg+xml,"]
    assert "img-src data:" in response.headers["content-security-policy"]


@pytest.mark.parametrize("path", [*EVERY, "requests/99"])
def test_pages_are_sound_html(path: str) -> None:
    """Every element is closed, tables have headers and captions, controls have names."""
    site = Site(HIT, REFUSED, MISS, copies=(view(), view(key=("localhost/b", "origin web"))))
    site.request_log.note_origin(origin_request())
    page = site.html(path)
    assert page.open == []
    assert [tag for tag, _ in page.elements].count("h1") == 1
    tags = [tag for tag, _ in page.elements]
    assert tags.count("table") == tags.count("caption")
    assert all("scope" in found for tag, found in page.elements if tag == "th")
    ids = [found["id"] for _, found in page.elements if "id" in found]
    assert len(ids) == len(set(ids))


def test_the_requests_are_shown_newest_first_with_what_became_of_them() -> None:
    """Each links to its own page; prefetch parameters are reported in words."""
    page = Site(MISS, REFUSED, HIT).html("requests")
    rows = [link for link in page.links() if re.search(r"requests/\d", link)]
    assert rows == [f"/__edgio__/requests/{number}" for number in (3, 2, 1)]
    assert "12 s ago GET /pages/2 200 hit prefetch hit fresh for 58 min routes.py:12" in page.words
    assert "GET /pages/3 412 refused prefetch 412 origin requests: none" in page.words
    assert "GET /about 200 miss web: 200 in 12 ms" in page.words


@pytest.mark.parametrize(
    "show, expected",
    [("all", [3, 2, 1]), ("prefetches", [3, 2]), ("misses", [2, 1]), ("nonsense", [3, 2, 1])],
)
def test_requests_can_be_chosen(show: str, expected: list[int]) -> None:
    """On the page and in the data alike."""
    site = Site(MISS, REFUSED, HIT)
    links = site.html(f"requests?show={show}").links()
    assert [int(link.rsplit("/")[-1]) for link in links if re.search(r"requests/\d", link)] == expected
    assert [row["number"] for row in site.json(f"requests.json?show={show}")["requests"]] == expected


def test_the_counters_stand_on_every_page() -> None:
    """Requests, hits, refusals, and what the origins were spared."""
    site = Site(MISS, REFUSED, HIT)
    site.request_log.note_origin(origin_request())
    for path in EVERY:
        words = site.html(path).words
        assert "Requests 3 " in words
        assert "Prefetch hits 1 " in words
        assert "Refused 1 " in words
        assert "Origin requests 1 " in words
        assert "Saved 2 " in words
    assert site.json("cache.json")["counters"]["saved"] == 2


def test_long_lists_end_with_a_count() -> None:
    """The page shows 200; the data has all that are remembered."""
    site = Site(*[exchange(f"/{number}") for number in range(450)])
    assert "and 250 before these" in site.html("requests").words
    assert len(site.json("requests.json")["requests"]) == 450


def test_an_unchanged_page_is_not_sent_again() -> None:
    """The script asks each second; only news has a body."""
    site = Site(HIT)
    tag = site.get("requests").headers["etag"]
    again = site.get("requests", headers={"if-none-match": tag})
    assert (again.status, again.body) == (304, b"")
    site.request_log.note(MISS)
    assert site.get("requests", headers={"if-none-match": tag}).status == 200
    tag = site.get("origin").headers["etag"]
    site.request_log.note_origin(origin_request())
    assert site.get("origin", headers={"if-none-match": tag}).status == 200
    assert Site(HIT).get("requests").headers["etag"] != Site(HIT).get("requests").headers["etag"]


def test_the_copies_are_shown_with_their_times() -> None:
    """Fresh, stale and expired ones; variants by what tells them apart; secrets by their length."""
    copies = (
        view(),
        view(key=("localhost/a", "cookie session=0123456789"), ttl=-30, stale=60, vary=(("accept", None),)),
        view(key=("localhost/b",), ttl=-90, stale=60, vary=(("cookie", "a=0123456789"),)),
    )
    site = Site(copies=copies)
    page = site.html("cache")
    assert "3 stored responses, 6 KiB of 9.8 KiB" in page.words
    assert "localhost/pages/1 200 fresh fresh for 59 min then stale for - age 60 s hits 3 2 KiB" in page.words
    assert "cookie session=(10 characters) accept: missing 200 stale stale for 30 s" in page.words
    assert "cookie: a=(10 characters) 200 expired" in page.words
    assert "0123456789" not in page.source
    data = site.json("cache.json")
    assert data["stored"][0]["ttl"] == 3540
    assert data["stored"][1]["key"] == ["localhost/a", "cookie session=(10 characters)"]


def purge(site: Site, form: dict[str, str], **more: object) -> int:
    headers = {"origin": "http://localhost:8080", "content-type": "application/x-www-form-urlencoded"}
    body = urlencode(form).encode()
    return site.get("cache", method="POST", headers=headers, body=body, **more).status


def test_one_copy_or_all_can_be_purged() -> None:
    """By the buttons of the page; the browser is led back to it."""
    site = Site(copies=(view(), view(key=("localhost/b", "origin web")), view(key=("localhost/c",))))
    page = site.html("cache")
    token, first = page.value_of("token"), page.value_of("id")
    assert purge(site, {"token": token, "id": first}) == 303
    assert [view.key[0] for view in site.cache.copies] == ["localhost/b", "localhost/c"]
    assert purge(site, {"token": token, "all": "yes"}) == 303
    assert site.cache.copies == []


@pytest.mark.parametrize("form", [{}, {"token": ""}, {"token": "x" * 32}, {"token": "\u00e9"}])
def test_other_sites_cannot_purge(form: dict[str, str]) -> None:
    """They do not know the token."""
    site = Site(copies=(view(),))
    assert purge(site, {**form, "all": "yes"}) == 403
    assert len(site.cache.copies) == 1


def test_the_token_alone_is_not_enough() -> None:
    """A browser says where a form came from."""
    site = Site(copies=(view(),))
    body = urlencode({"token": site.html("cache").value_of("token"), "all": "yes"}).encode()
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert site.get("cache", method="POST", headers=headers, body=body).status == 403
    assert site.get("cache", method="POST", body=body, client="192.0.2.1").status == 403
    assert len(site.cache.copies) == 1


def test_a_form_of_any_size_or_kind_does_no_harm() -> None:
    """Large, binary and crowded bodies are refused; so is a missing one."""
    site = Site(copies=(view(),))
    token = site.html("cache").value_of("token").encode()
    for body in (
        None,
        b"token=" + b"x" * 100_000,
        b"\xff\x00",
        b"&".join([b"a=1"] * 50 + [b"token=" + token]),
    ):
        assert site.get("cache", method="POST", body=body).status == 403
    assert len(site.cache.copies) == 1


@pytest.mark.parametrize("path", ["requests", "origin", "requests/1", "cache.json"])
def test_pages_are_only_looked_at(path: str) -> None:
    """Only the cache takes a form."""
    response = Site(HIT).get(path, method="POST")
    assert (response.status, response.headers["allow"]) == (405, "GET, HEAD")
    assert Site(HIT).get("cache", method="DELETE").headers["allow"] == "GET, HEAD, POST"


def test_head_is_taken_like_get() -> None:
    """The server leaves the body out."""
    assert Site(HIT).get("requests", method="HEAD").status == 200


def test_the_origins_log_names_the_request_that_was_the_reason() -> None:
    """With a link to it; a failure is shown in place of a status."""
    miss = exchange("/pages/1", time=1000, seconds=1, cache="miss", origin_calls=["web: 200"])
    site = Site(miss)
    site.request_log.note_origin(origin_request(time=1000.1, cause=miss.trace))
    site.request_log.note_origin(origin_request(time=1002.1, cause=RequestTrace(refresh_of=miss.trace)))
    site.request_log.note_origin(
        origin_request(time=1090, status=None, failure="timeout", url="http://api.x/b")
    )
    page = site.html("origin")
    assert "10 s ago web GET http://api.x/b timeout 12 ms a request in flight" in page.words
    assert "97 s ago web GET http://127.0.0.1:9/pages/1 200 12 ms refresh started by /pages/1" in page.words
    assert "99 s ago web GET http://127.0.0.1:9/pages/1 200 12 ms /pages/1" in page.words
    assert "/__edgio__/requests/1" in page.links()
    data = site.json("origin.json")["origin_requests"]
    assert [(row["because"], row["refresh"]) for row in data] == [(None, False), (1, True), (1, False)]
    assert data[0]["failure"] == "timeout"


def test_of_a_folder_the_path_of_the_request_is_shown() -> None:
    """Where the folder is stands in the data."""
    site = Site()
    site.request_log.note_origin(origin_request(url="/srv/site/pages/1", target="/pages/1"))
    page = site.html("origin")
    assert "GET /pages/1 200" in page.words
    assert "/srv" not in page.words
    assert site.json("origin.json")["origin_requests"][0]["url"] == "/srv/site/pages/1"


@pytest.mark.parametrize("path", ["requests/0", "requests/99", "requests/x", "requests/1.xml", "requests/"])
def test_what_is_not_remembered_is_not_there(path: str) -> None:
    """Said in a page, with the way back."""
    response = Site(HIT).get(path)
    assert response.status == 404
    assert "/__edgio__/requests" in Page.of(response).links()


def test_the_root_leads_to_the_requests() -> None:
    """Whoever cuts the address short gets somewhere."""
    response = Site().get("")
    assert (response.status, response.headers["location"]) == (302, "/__edgio__/requests")


def test_empty_pages_say_what_to_do() -> None:
    """Before anything happened."""
    assert "Open the site" in Site().html("requests").words
    assert "No recent request matches" in Site().html("requests?show=misses").words
    assert "The cache is empty" in Site().html("cache").words
    assert "No request was sent" in Site().html("origin").words


@pytest.mark.parametrize(
    "path, expected",
    [
        ("/__edgio__/requests", True),
        ("/__edgio__/requests.json", True),
        ("/__edgio__/requests/12.json", True),
        ("/__edgio__/cache", True),
        ("/__edgio__/origin.json", True),
        ("/__edgio__/cache-manifest.js", False),
        ("/__edgio__/requestsx", False),
        ("/x/__edgio__/requests", False),
        ("/__edgio__/", True),
    ],
)
def test_pages_have_their_paths(path: str, expected: bool) -> None:
    """And no path that only begins like one of theirs."""
    assert is_page(path) is expected


@pytest.mark.parametrize(
    ("path", "current"), [("requests", "page"), ("requests/1", "true"), ("cache", "page")]
)
def test_the_navigation_says_where_one_is(path: str, current: str) -> None:
    """The page of a request belongs to the requests."""
    elements = Site(MISS).html(path).elements
    link = next(found for tag, found in elements if tag == "a" and "aria-current" in found)
    assert (link["href"], link["aria-current"]) == (f"/__edgio__/{path.partition('/')[0]}", current)
