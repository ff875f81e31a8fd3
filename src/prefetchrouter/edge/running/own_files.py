"""The files of the browser part and the manifest, at the paths that pages request."""

from __future__ import annotations

import re
from collections.abc import Callable

from prefetchrouter.browser.files import FOLDER, PINNED_INSTALL_PATH, install_path_of, is_immutable
from prefetchrouter.browser.names import NAMES
from prefetchrouter.browser_view import filter_rules
from prefetchrouter.edge.policy.compression import compressed
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.rules.property_settings import unsupported_conditions
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.targets.page_navigation import PageNavigation
from prefetchrouter.targets.site_files import NO_NAVIGATION, SPECULATION_RULES, SiteFile, site_files
from prefetchrouter.version import VERSION

_TEXTS = ("text/javascript", SPECULATION_RULES)
_PINNED = re.compile(rf"{re.escape(FOLDER)}v[^/]*/(?P<name>.+)")
_TAG = re.compile(r'(?:W/)?("[^"]*")')


class OwnFiles:
    """The edge's own files: scripts, service worker, and the manifest of the rules that are in force.

    They have an `ETag` and are validated on each use, so that changed rules take effect at once, except for
    those whose path has their version or a hash of their text. Clients that accept gzip get it.

    A worker of another version is not among them: a site may serve another client with its worker.

    Args:
        rules: The rules, whose public part the manifest lists.
        navigation: Returns where visitors go next, for the rules that are in force.

    Example:
        >>> files = OwnFiles(RuleSet(rules=()))
        >>> files.answer(EdgeRequest("GET", "http", "localhost", "/__edgio__/cache-manifest.js")).body
        b'self.__EDGIO_CACHE_MANIFEST__={"rules":[]};\\n'
        >>> files.answer(EdgeRequest("GET", "http", "localhost", "/pages/1")) is None
        True
    """

    def __init__(
        self, rules: RuleSet, navigation: Callable[[RuleSet], PageNavigation] = lambda rules: NO_NAVIGATION
    ) -> None:
        self._navigation = navigation
        self._files: dict[str, SiteFile] = {}
        self.listed = 0
        """How many rules the manifest lists."""
        self.use(rules)

    def use(self, rules: RuleSet) -> None:
        """Replace the rules."""
        filtered = filter_rules(rules.rules, unsupported_conditions(rules.property))
        self._files = site_files(filtered, rules.property, self._navigation(rules))
        self._install_path = install_path_of(self._files[NAMES.install_path].text)
        self.listed = sum(found.listed is not None for found in filtered)

    @property
    def install_path(self) -> str:
        """The path of the install script that browsers may store for ever."""
        return self._install_path

    def answer(self, request: EdgeRequest) -> EdgeResponse | None:
        """Return the response to a request for one of the files, None for any other path.

        Source: RFC 9110, section 13.1.2, for `If-None-Match`.
        """
        file = self._files.get(request.path) or self._of_earlier_rules(request.path)
        if file is None:
            missing = _missing(request.path)
            return None if missing is None else _text(404, missing, request.method)
        if request.method not in ("GET", "HEAD"):
            return _text(405, "Only GET and HEAD.\n", request.method, ("allow", "GET, HEAD"))
        body = file.text.encode()
        headers = HeaderFields([*file.headers.items(), ("content-length", str(len(body)))])
        headers, body = compressed(request.headers, headers, body, _TEXTS)
        if _has(request.headers, file.headers["etag"]):
            kept = [(name, headers[name]) for name in ("cache-control", "etag", "vary") if name in headers]
            return EdgeResponse(304, HeaderFields(kept))
        return EdgeResponse(200, headers, body if request.method == "GET" else b"")

    def _of_earlier_rules(self, path: str) -> SiteFile | None:
        """Return the install script of now for the path of an earlier one, which a stored page may have."""
        if not (is_immutable(path) and path.endswith("/install.js")) or _PINNED.fullmatch(path):
            return None
        return self._files[NAMES.install_path]


def what(path: str) -> str:
    """Return the purpose of one of the edge's own paths, in a few words.

    Example:
        >>> what("/__edgio__/cache-manifest.js"), what("/__edgio__/prefetch/install.js")
        ('the manifest: what may be prefetched', 'the browser part')
    """
    if path == NAMES.manifest_path:
        return "the manifest: what may be prefetched"
    if path == NAMES.speculation_path:
        return "the Speculation Rules"
    if path == NAMES.worker_path.replace("{version}", VERSION):
        return "the service worker"
    return "the browser part" if path.startswith(FOLDER) else "a page of the edge's own"


def _has(headers: HeaderFields, tag: str) -> bool:
    known = headers.get("if-none-match", "")
    return known.strip() == "*" or tag in _TAG.findall(known)


def _missing(path: str) -> str | None:
    """Return the text of a 404 for a path of the edge without a file."""
    if path.startswith(NAMES.navigation_path):
        return "What was learned has changed, or the rules have.\n"
    if not path.startswith(FOLDER):
        return None
    pinned = _PINNED.fullmatch(path)
    if pinned is not None and pinned["name"] == "install.js":
        return f"This edge serves version {VERSION} of the browser part: {PINNED_INSTALL_PATH}\n"
    return f"There is no such file. Pages load {NAMES.install_path}\n"


def _text(status: int, text: str, method: str, *headers: tuple[str, str]) -> EdgeResponse:
    body = text.encode()
    fields = [
        ("cache-control", "no-store"),
        ("content-type", "text/plain; charset=utf-8"),
        ("content-length", str(len(body))),
        *headers,
    ]
    return EdgeResponse(status, HeaderFields(fields), b"" if method == "HEAD" else body)
