"""The files of the browser part and the manifest, at the paths that pages request."""

from __future__ import annotations

import re

from prefetchrouter.browser.names import NAMES
from prefetchrouter.browser_view import filter_rules
from prefetchrouter.edge.policy.compression import compressed
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.rules.property import unsupported_conditions
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.targets.site_files import SiteFile, site_files
from prefetchrouter.version import VERSION

_PREFETCH_FOLDER = NAMES.install_path.rpartition("/")[0] + "/"
_PINNED = re.compile(rf"{re.escape(_PREFETCH_FOLDER)}v[^/]*/(?P<name>.+)")
_SCRIPTS = ("text/javascript",)
_TAG = re.compile(r'(?:W/)?("[^"]*")')


class OwnFiles:
    """The edge's own files: scripts, service worker, and the manifest of the rules that are in force.

    Those with a version or hash in their path are cached for ever; others have an `ETag` and are validated on
    each use, so that a changed manifest takes effect at once. All are sent with gzip to browsers that accept
    it. A worker of another version is not among them: a site may serve another client with its worker.

    Args:
        rules: The rules, whose public part the manifest lists.

    Example:
        >>> files = OwnFiles(RuleSet(rules=()))
        >>> files.answer(EdgeRequest("GET", "http", "localhost", "/__edgio__/cache-manifest.js")).body
        b'self.__EDGIO_CACHE_MANIFEST__={"rules":[]};\\n'
        >>> files.answer(EdgeRequest("GET", "http", "localhost", "/pages/1")) is None
        True
    """

    def __init__(self, rules: RuleSet) -> None:
        self._files: dict[str, SiteFile] = {}
        self.listed = 0
        """How many rules the manifest lists."""
        self.use(rules)

    def use(self, rules: RuleSet) -> None:
        """Replace the rules of the manifest, and the paths that the service worker begins with."""
        filtered = filter_rules(rules.rules, unsupported_conditions(rules.property))
        self._files = site_files(filtered, rules.property)
        self.listed = sum(found.listed is not None for found in filtered)

    def answer(self, request: EdgeRequest) -> EdgeResponse | None:
        """Return the response to a request for one of the files, None for any other path.

        Source: RFC 9110, section 13.1.2, for `If-None-Match`.
        """
        file = self._files.get(request.path)
        if file is None:
            missing = _missing(request.path)
            return None if missing is None else _text(404, missing, request.method)
        if request.method not in ("GET", "HEAD"):
            return _text(405, "Only GET and HEAD.\n", request.method, ("allow", "GET, HEAD"))
        headers = file.headers
        if _has(request.headers, headers["etag"]):
            kept = {name: headers[name] for name in ("cache-control", "etag")}
            return EdgeResponse(304, HeaderFields({**kept, "vary": "Accept-Encoding"}))
        body = file.text.encode()
        fields, body = compressed(
            request.headers, HeaderFields({**headers, "content-length": str(len(body))}), body, _SCRIPTS
        )
        return EdgeResponse(200, fields, body if request.method == "GET" else b"")


def what(path: str) -> str:
    """Return the purpose of one of the edge's own paths, in a few words.

    Example:
        >>> what("/__edgio__/cache-manifest.js"), what("/__edgio__/prefetch/install.js")
        ('the manifest: what may be prefetched', 'the browser part')
    """
    if path == NAMES.manifest_path:
        return "the manifest: what may be prefetched"
    if path == NAMES.worker_path.replace("{version}", VERSION):
        return "the service worker"
    return "the browser part" if path.startswith(_PREFETCH_FOLDER) else "a page of the edge's own"


def _has(headers: HeaderFields, tag: str) -> bool:
    known = headers.get("if-none-match", "")
    return known.strip() == "*" or tag in _TAG.findall(known)


def _missing(path: str) -> str | None:
    """Return the text of a 404 for a path of the edge without a file."""
    if not path.startswith(_PREFETCH_FOLDER):
        return None
    pinned = _PINNED.fullmatch(path)
    if pinned is not None:
        ours = f"{_PREFETCH_FOLDER}v{VERSION}/{pinned['name']}"
        return f"This edge serves version {VERSION} of the browser part: {ours}\n"
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
