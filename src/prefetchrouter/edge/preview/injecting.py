"""Puts the script tag into pages on their way to a browser on this machine."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Final

from prefetchrouter.browser.script_tag import has_script_tag, place_for_tag, script_tag
from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.edge.policy.compression import accepts_gzip
from prefetchrouter.edge.preview.content_policy import verdict_of
from prefetchrouter.edge.requests import Body, EdgeRequest, EdgeResponse, close, pieces
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.changed_fields import changed, members

MOST_BYTES: Final = 64 * 1024
"""A page whose head begins later than this is sent as it is."""

_FRAMES: Final = frozenset({"iframe", "frame", "embed", "object"})
_WIDE_CHARSETS: Final = re.compile(r"utf-?(?:16|32)|ucs-?[24]", re.IGNORECASE)
_OF_THE_BYTES: Final = (
    "content-length", "content-digest", "repr-digest", "digest", "content-md5", "accept-ranges",
    "last-modified", "content-encoding",
)  # fmt: skip
_MARK: Final = "-tag"


class Injector:
    """Adds the script tag, with the overlay, to documents in HTML that do not have it.

    Pages are changed while they are sent; what is stored stays as the origin sent it. A changed page has
    another entity tag than the original, so a browser validates each as what it is.

    Args:
        install_path: Returns the path of the script on the site now.
        on_skipped: Called with the reason when a page cannot get the tag.
    """

    def __init__(self, install_path: Callable[[], str], on_skipped: Callable[[str], None]) -> None:
        self._install_path = install_path
        self._on_skipped = on_skipped

    @property
    def _mark(self) -> str:
        tag = script_tag(self._install_path(), overlay=True)
        return f"{_MARK}{hashlib.sha256(tag.encode()).hexdigest()[:6]}"

    def request(self, request: EdgeRequest) -> EdgeRequest:
        """Return a request as the cache gets it: with the original entity tags, and for gzip or nothing.

        A browser that opens a page may still have it from before, without the tag: only its copy with the
        tag counts.
        """
        headers, changes, without = request.headers, {}, []
        if "accept-encoding" in headers:
            if accepts_gzip(headers):
                changes["accept-encoding"] = "gzip"
            else:
                without.append("accept-encoding")
        opens = _opens_page(headers)
        if "if-none-match" in headers:
            tags = members(headers["if-none-match"])
            tags = [_without(tag, self._mark) for tag in tags if self._mark in tag or not opens]
            without.append("if-none-match")
            if tags:
                changes["if-none-match"] = ", ".join(tags)
        if opens:
            without.append("if-modified-since")
        return request._replace(headers=changed(headers, changes, without=without))

    async def response(self, request: EdgeRequest, response: EdgeResponse) -> EdgeResponse:
        """Return a response with the tag in its page; any other response as it is."""
        headers = response.headers
        if response.status == 304:
            has_tag = self._mark in request.headers.get("if-none-match", "")
            return response._replace(headers=self._marked(headers)) if has_tag else response
        if not _may_be_page(request, headers):
            return response
        if request.method == "HEAD":  # whether the page is a document, only its body could tell
            await close(response.body)
            return EdgeResponse(response.status, changed(headers, without=(*_OF_THE_BYTES, "etag")))
        if response.status == 206 or "content-range" in headers:
            return response
        coding = headers.get("content-encoding", "identity").strip(" \t").lower()
        if coding not in ("identity", "gzip", "x-gzip"):
            return self._skipped(request, response, f"it is encoded as {coding}, which was not requested")
        verdict = verdict_of(headers.all("content-security-policy"))
        if verdict.refusal is not None:
            return self._skipped(request, response, verdict.refusal)
        tag = script_tag(self._install_path(), overlay=True, nonce=verdict.nonce).encode()
        return await self._with_tag(response, tag, is_packed=coding != "identity")

    async def _with_tag(self, response: EdgeResponse, tag: bytes, *, is_packed: bool) -> EdgeResponse:
        """Return a page with the tag; one that has it, or is not a document, keeps its entity tag."""
        status, headers, original = response
        decoded = _unpacked(pieces(original)) if is_packed else pieces(original)
        page: bytes | Body
        try:
            begin, place, is_whole = await _beginning(decoded, is_whole=isinstance(original, bytes))
            page = begin if is_whole else _Joined(begin, decoded, original)
        except OriginError as error:
            await close(original)
            return EdgeResponse(status, changed(headers, without=_OF_THE_BYTES), _BrokenOff(error))
        except BaseException:
            await close(original)
            raise
        if place is not None and not has_script_tag(begin):
            headers = self._marked(headers, without=_OF_THE_BYTES)
            with_tag = begin[:place] + tag + begin[place:]
            page = with_tag if is_whole else _Joined(with_tag, decoded, original)
        elif is_packed:
            headers = changed(headers, without=_OF_THE_BYTES)
        if is_whole:
            await close(original)
        return EdgeResponse(status, headers, page)

    def _skipped(self, request: EdgeRequest, response: EdgeResponse, reason: str) -> EdgeResponse:
        self._on_skipped(f"{request.path} did not get the script tag: {reason}")
        return response

    def _marked(self, headers: HeaderFields, without: tuple[str, ...] = ()) -> HeaderFields:
        tag = headers.get("etag", "")
        return changed(
            headers, {"etag": f'{tag[:-1]}{self._mark}"'} if tag.endswith('"') else {}, without=without
        )


def _opens_page(headers: HeaderFields) -> bool:
    """Return whether a browser requests a page to show it, not a part of one."""
    purpose = headers.get("sec-fetch-dest")
    if purpose is not None:
        return purpose == "document"
    return headers.get("accept", "").lstrip().startswith("text/html")


def _may_be_page(request: EdgeRequest, headers: HeaderFields) -> bool:
    kind = headers.get("content-type", "")
    return (
        request.method in ("GET", "HEAD", "POST")
        and kind.partition(";")[0].strip(" \t").lower() == "text/html"
        and not _WIDE_CHARSETS.search(kind)
        and request.headers.get("sec-fetch-dest") not in _FRAMES
    )


def _without(tag: str, mark: str) -> str:
    return tag.replace(f'{mark}"', '"')


async def _beginning(body: Body, *, is_whole: bool) -> tuple[bytes, int | None, bool]:
    """Return the beginning of a page, the place of the tag in it, and whether that is all of the page."""
    begin = b""
    async for piece in body:
        begin += piece
        place = "more" if is_whole else place_for_tag(begin, is_complete=len(begin) >= MOST_BYTES)
        if place != "more":
            return begin, place, False
    place = place_for_tag(begin)
    return begin, None if place == "more" else place, True


class _BrokenOff(AsyncIterator[bytes]):
    """A body of which nothing arrived."""

    def __init__(self, error: OriginError) -> None:
        self._error = error

    async def __anext__(self) -> bytes:
        raise self._error


async def _unpacked(body: Body) -> AsyncIterator[bytes]:
    """Yield what a body with gzip holds, piece by piece."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        async for piece in body:
            while piece:
                yield unpacking.decompress(piece)
                piece = unpacking.unused_data
                if unpacking.eof:
                    unpacking = zlib.decompressobj(wbits=31)
    except zlib.error as error:
        raise OriginError("cut", f"its body is not valid gzip: {error}") from error


class _Joined(AsyncIterator[bytes]):
    """The beginning of a body, and the rest as it arrives; closing it closes the original."""

    def __init__(self, begin: bytes, rest: Body, original: bytes | Body) -> None:
        self._begin: bytes | None = begin
        self._rest = rest
        self._original = original

    async def __anext__(self) -> bytes:
        begin, self._begin = self._begin, None
        return begin if begin is not None else await anext(self._rest)

    async def aclose(self) -> None:
        """Close the original body."""
        await close(self._rest)
        await close(self._original)
