"""Destinations of redirects and rewrites, written as URLs from what an author, a request and variables give.

An author's text says which part of the URL begins where. What a request or a variable puts in stays in its
part: it is percent-encoded where it could begin another one, and never names another host.
"""

from __future__ import annotations

import re
from typing import Final

from prefetchrouter.http.url_text import encoded, without_dot_segments

_HIERARCHICAL = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST_END = re.compile(r"[/?#]")
_NOT_OF_A_HOST = re.compile(r"[^A-Za-z0-9._\-:\[\]]+")
_ADDRESS = re.compile(r"(?:[^@\[\]]*@)?\[[0-9A-Fa-f:.]+\](?::[0-9]*)?")
_DOTS = re.compile(r"(?:\.|%2[Ee]){1,2}")

OF_THE_URL: Final = frozenset(
    {
        "host", "http_host", "is_amp", "is_args", "normalized_path", "normalized_query", "normalized_uri",
        "path", "query_string", "request_uri", "scheme", "uri",
    }
)  # fmt: skip
"""The feature variables that are parts of the request's URL, whose ``?`` and ``&`` mean what they say."""


class Destination:
    """A URL in the making; parts are added from left to right.

    Args:
        is_target: Whether it is path and query for an origin, so that no host can be named.

    Example:
        >>> made = Destination()
        >>> made.add_text("/läden/")
        >>> made.add_captured("7")
        >>> made.url()
        '/l%C3%A4den/7'
    """

    def __init__(self, *, is_target: bool = False) -> None:
        self._is_target = is_target
        self._scheme = ""  # with its colon, and the two slashes where a host follows
        self._host: str | None = None
        self._host_before_capture: str | None = None
        self._is_in_host = False
        self._path = ""
        self._query: str | None = None
        self._fragment: str | None = None
        self._has_begun = False
        self._is_rooted = is_target
        self._is_joint = False  # whether what came last was put in, so that slashes meet

    # What is added

    def add_text(self, text: str) -> None:
        """Add what the author of the rule wrote."""
        if not text:
            return
        if not self._has_begun:
            self._has_begun = True
            text = self._begin(text)
        elif self._is_at_scheme(text):
            self._scheme, self._path, text = f"{self._path}://", "", text[3:]
            self._host, self._is_in_host = "", True
        if self._is_in_host and text:
            text = self._add_to_host(text)
        self._add_parts(text, is_authors=True)
        self._is_joint = False

    def add_captured(self, text: str, *, of_query: bool = False) -> None:
        """Add what a source captured of the request.

        Args:
            text: The text, as it is in the request.
            of_query: Whether it was found in the query, where ``&`` separates parameters.
        """
        self._put_in(text, may_have_query=True, separates=of_query or text.startswith("?"))

    def add_variable(self, name: str, text: str) -> None:
        """Add the value of a feature variable.

        Args:
            name: The variable.
            text: Its value; of those that are not part of the request's URL it stays in its place, unless it
                comes first: then it is the URL.
        """
        if (
            not self._has_begun
            and not self._is_target
            and (begin := _HIERARCHICAL.match(text))
            and begin.end() > 2
        ):
            self.add_text(text)
            self._is_joint = True
        elif name in OF_THE_URL or not self._has_begun:
            self._put_in(text, may_have_query=True, separates=True)
        else:
            self._put_in(text, may_have_query=False, separates=False)

    def add_slash(self) -> None:
        """Add the request's trailing slash, where a path has none yet."""
        if self._query is None and self._fragment is None:
            self._leave_host()
            if not self._path.endswith("/"):
                self._path += "/"
            self._is_joint = True

    def add_query(self, query: str) -> None:
        """Add a query, after the one that is there and before a fragment."""
        if query:
            self._leave_host()
            self._query = encoded(query) if not self._query else f"{self._query}&{encoded(query)}"

    # What it comes to

    def url(self) -> str | None:
        """Return the URL, or None if it names no host where one has to be."""
        self._leave_host()
        if self._host == "":
            return None
        host = self._host if not self._host or _ADDRESS.fullmatch(self._host) else encoded(self._host)
        path = self._path
        if self._host is not None and path and not path.startswith("/"):
            path = f"/{path}"
        if self._host is None and self._is_rooted:
            path = f"/{path.lstrip('/')}"
        if path.startswith("/"):
            path = without_dot_segments(path)
            if self._host is None and path.startswith("//"):
                path = f"/{path.lstrip('/')}"
        query = f"?{self._query}" if self._query is not None else ""
        fragment = f"#{self._fragment}" if self._fragment is not None else ""
        return f"{self._scheme}{host or ''}{path}{query}{fragment}"

    # How

    def _begin(self, text: str) -> str:
        """Take what comes before the path, and return the rest."""
        if self._is_target:
            return text
        if (found := _HIERARCHICAL.match(text)) is not None:
            self._scheme, self._host, self._is_in_host = found[0], "", True
            return text[found.end() :]
        if (found := _SCHEME.match(text)) is not None:
            self._scheme = found[0]
            return text[found.end() :]
        self._is_rooted = text.startswith("/")
        return text

    def _is_at_scheme(self, text: str) -> bool:
        is_word = _SCHEME.fullmatch(f"{self._path.removeprefix('/')}:") is not None
        return (
            not self._scheme and self._query is None and is_word and text.startswith("://") and self._is_joint
        )

    def _add_to_host(self, text: str) -> str:
        end = _HOST_END.search(text)
        own, rest = (text[: end.start()], text[end.start() :]) if end else (text, "")
        if own:
            self._host = f"{self._host}{_ascii_host(own)}"
            self._host_before_capture = None
        if rest:
            self._leave_host()
        return rest

    def _leave_host(self) -> None:
        """Go on with the path; what was put in right behind a whole host name is its first segment."""
        if not self._is_in_host:
            return
        self._is_in_host = False
        before = self._host_before_capture
        if before and self._is_after_whole_host():
            self._path = encoded(f"/{(self._host or '')[len(before) :]}")
            self._host, self._is_joint = before, True

    def _is_after_whole_host(self) -> bool:
        before = self._host_before_capture
        return before is not None and before[-1:].isalnum()

    def _put_in(self, text: str, *, may_have_query: bool, separates: bool) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._is_rooted = True
        if self._is_in_host:
            if not text.startswith(("/", "?")):
                if self._host_before_capture is None:
                    self._host_before_capture = self._host
                if "/" in text and self._is_after_whole_host():
                    self._leave_host()
                    self._add_parts(text.replace("#", "%23"), is_authors=False)
                    return
                self._host = f"{self._host}{_NOT_OF_A_HOST.sub('', text)}"
                return
            self._leave_host()
        if not may_have_query and self._query is None:
            text = _in_path(text)
        elif self._query is not None and not separates:
            text = text.replace("&", "%26").replace("+", "%2B")
        self._add_parts(text.replace("#", "%23"), is_authors=False)
        self._is_joint = True

    def _add_parts(self, text: str, *, is_authors: bool) -> None:
        if self._fragment is None and is_authors and "#" in text:
            before, _, after = text.partition("#")
            self._add_parts(before, is_authors=True)
            if self._is_target:
                self._add_parts(f"%23{after}".replace("#", "%23"), is_authors=True)
            else:
                self._fragment = encoded(after.replace("#", "%23"))
            return
        if self._fragment is not None:
            self._fragment += encoded(text.replace("#", "%23"))
        elif self._query is not None:
            if text.startswith("?") and not is_authors:
                text = text[1:] if not self._query or self._query.endswith("&") else f"&{text[1:]}"
            self._query += encoded(text)
        else:
            path, question, query = text.partition("?")
            meets = self._path.endswith("/") and (not is_authors or self._is_joint)
            self._path += encoded(path.lstrip("/") if meets else path)
            if question:
                self._query = encoded(query)


def _in_path(text: str) -> str:
    """Return text that stays in its place in a path: it begins no query and leads to no other folder."""
    kept = [segment for segment in text.split("/") if not _DOTS.fullmatch(segment)]
    return "/".join(kept).replace("?", "%3F")


def _ascii_host(text: str) -> str:
    if text.isascii():
        return text if _ADDRESS.fullmatch(text) else encoded(text)
    try:
        return text.encode("idna").decode()
    except UnicodeError:
        return encoded(text)
