"""The browser's files and the manifest, as the edge serves them."""

from __future__ import annotations

import gzip

import pytest

from prefetchrouter import Router, RuleSet, build
from prefetchrouter.browser.files import hashed_install_path
from prefetchrouter.browser.names import NAMES
from prefetchrouter.browser_view import filter_rules
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
from prefetchrouter.edge.running.own_files import OwnFiles
from prefetchrouter.edge.running.settings import ServeSettings
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.navigation import Link, Navigation, for_pages
from prefetchrouter.targets.site_files import site_files
from prefetchrouter.version import VERSION

PAGES = RuleSet(
    rules=Router().match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"}).rules
)
WORKER = NAMES.worker_path.format(version=VERSION)
EMPTY = RuleSet(rules=())


def asked(path: str, method: str = "GET", rules: RuleSet = PAGES, **headers: str) -> EdgeResponse | None:
    fields = HeaderFields({name.replace("_", "-"): value for name, value in headers.items()})
    return OwnFiles(rules).answer(EdgeRequest(method, "https", "shop.example", path, headers=fields))


def answer(path: str, method: str = "GET", rules: RuleSet = PAGES, **headers: str) -> EdgeResponse:
    found = asked(path, method, rules, **headers)
    assert found is not None
    return found


def body_of(found: EdgeResponse) -> bytes:
    assert isinstance(found.body, bytes)
    return found.body


FILES = site_files(filter_rules(PAGES.rules), None)


@pytest.mark.parametrize("path", FILES)
def test_every_browser_file_is_at_its_path(path: str) -> None:
    """With the text of the package, as a script."""
    found = answer(path)
    assert found.status == 200
    assert body_of(found) == FILES[path].text.encode()
    assert found.headers["content-type"] == "text/javascript; charset=utf-8"
    assert found.headers["content-length"] == str(len(body_of(found)))


def test_the_manifest_is_what_a_build_writes() -> None:
    """Of the rules that are in force."""
    assert answer(NAMES.manifest_path).body == build(PAGES)["cache-manifest.js"].encode()


def test_other_rules_have_another_manifest_with_another_tag() -> None:
    """So that a browser which asks again gets the new one."""
    files = OwnFiles(EMPTY)
    request = EdgeRequest("GET", "https", "shop.example", NAMES.manifest_path)
    before = files.answer(request)
    files.use(PAGES)
    after = files.answer(request)
    assert before is not None
    assert after is not None
    assert before.headers["etag"] != after.headers["etag"]
    assert after.body == build(PAGES)["cache-manifest.js"].encode()


@pytest.mark.parametrize("path", [NAMES.install_path, NAMES.manifest_path, WORKER])
def test_what_can_change_is_asked_for_again_each_time(path: str) -> None:
    """A development edge changes under the page, and the worker with the rules."""
    assert answer(path).headers["cache-control"] == "no-cache"


def test_an_earlier_install_script_is_that_of_now() -> None:
    """A stored page may have the name that it had under other rules; it is not cached for ever."""
    old = hashed_install_path("other;")
    assert answer(old).body == answer(NAMES.install_path).body
    assert answer(old).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", [path for path in FILES if "/prefetch/" in path])
def test_a_path_with_a_hash_is_cached_for_ever(path: str) -> None:
    """The parts of a page, and the install script under the name of its text."""
    can_change = path == NAMES.install_path or path.endswith("/uninstall.js")
    assert ("immutable" in answer(path).headers["cache-control"]) is not can_change


def test_a_path_with_a_version_is_cached_for_ever() -> None:
    """So a reload asks for none of these files again."""
    path = NAMES.pinned_install_path.format(version=VERSION)
    assert answer(path).headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", [NAMES.install_path, NAMES.manifest_path, WORKER])
def test_files_are_sent_with_gzip(path: str) -> None:
    """As short as the sizes that the docs name; ``HEAD`` has the same headers."""
    rules = RuleSet(
        rules=Router().match("/a", caching={"max_age": "1h", "service_worker_max_age": "1h"}).rules * 9
    )
    plain = answer(path, rules=rules)
    packed = answer(path, rules=rules, accept_encoding="br, gzip")
    assert gzip.decompress(body_of(packed)) == plain.body
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert answer(path, "HEAD", rules, accept_encoding="gzip").headers == packed.headers


def test_a_client_with_the_packed_file_gets_304() -> None:
    """Its tag is that of the file."""
    tag = answer(NAMES.install_path, accept_encoding="gzip").headers["etag"]
    assert answer(NAMES.install_path, accept_encoding="gzip", if_none_match=tag).status == 304


def test_the_worker_begins_with_the_paths_that_it_is_needed_for() -> None:
    """Other rules, other paths."""
    assert body_of(answer(WORKER)).startswith(b'self.__EDGIO_PREFETCH_PATHS__=["/pages/:p1{/}?"];\n')
    assert body_of(answer(WORKER, rules=EMPTY)).startswith(b"self.__EDGIO_PREFETCH_PATHS__=[];\n")


@pytest.mark.parametrize("known", ["{tag}", "W/{tag}", '"other", {tag}', "*"])
def test_a_client_with_the_file_gets_304(known: str) -> None:
    """Without a body, with the tag."""
    tag = answer(NAMES.install_path).headers["etag"]
    found = answer(NAMES.install_path, if_none_match=known.format(tag=tag))
    assert (found.status, found.body, found.headers["etag"]) == (304, b"", tag)


def test_a_client_with_another_file_gets_this_one() -> None:
    """A tag that only looks alike is another."""
    tag = answer(NAMES.install_path).headers["etag"]
    assert answer(NAMES.install_path, if_none_match=f'"x{tag[1:]}').status == 200


def test_head_has_the_headers_alone() -> None:
    """The length is that of the body which GET would bring."""
    found = answer(NAMES.install_path, "HEAD")
    assert found.body == b""
    assert found.headers == answer(NAMES.install_path).headers


def test_other_methods_are_reported_which_there_are() -> None:
    """By status and header."""
    found = answer(NAMES.install_path, "POST")
    assert (found.status, found.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path, ours",
    [
        ("/__edgio__/prefetch/v7.3.1/install.js", f"/__edgio__/prefetch/v{VERSION}/install.js"),
        ("/__edgio__/prefetch/instal.js", "/__edgio__/prefetch/install.js"),
    ],
)
def test_what_is_not_there_is_reported_with_what_is(path: str, ours: str) -> None:
    """Another version is never served under the wanted name."""
    found = answer(path)
    assert isinstance(found.body, bytes)
    assert found.status == 404
    assert ours in found.body.decode()
    assert found.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/pages/1",
        "/__edgio__/requests",
        "/x/__edgio__/prefetch/install.js",
        "/__edgio__service_worker_v7.13.13.js",
    ],
)
def test_every_other_path_is_none_of_theirs(path: str) -> None:
    """The rules decide those, also the worker of another client that the site serves itself."""
    assert asked(path) is None


def test_what_was_learned_is_served_as_a_build_writes_it() -> None:
    """Also under rules that change: what these hide is in no file."""
    learned = Navigation(links={"/pages/1": (Link("/pages/2", 0.4, 9), Link("/about", 0.3, 9))})
    files = OwnFiles(PAGES, ServeSettings(navigation=learned).page_navigation)
    made = build(PAGES, site=True, navigation=for_pages(learned, PAGES))
    paths = [NAMES.install_path, *for_pages(learned, PAGES).files]
    assert len(paths) == 2
    for path in paths:
        found = files.answer(EdgeRequest("GET", "https", "shop.example", path))
        assert found is not None
        assert body_of(found) == made[f"site{path}"].encode()
    files.use(EMPTY)
    found = files.answer(EdgeRequest("GET", "https", "shop.example", paths[1]))
    assert found is not None
    assert found.status == 404
