"""A folder that serves as an origin."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, NoReturn

from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginError, OriginRequest, OriginResponse
from prefetchrouter.http.folder_paths import candidates
from prefetchrouter.http.http_dates import strict_date
from prefetchrouter.http.message import HeaderFields

Message = MutableMapping[str, Any]


class FolderUpstream:
    """Serves the files of a folder, with entity tags, ranges and media types.

    ``/a`` is the file ``a``, else ``a/index.html``, else ``a.html``; ``404.html`` is served where there is
    no such file. Only files inside the folder are served, and no hidden ones (a part of the path starts with
    a dot) except ``.well-known``.

    ``Last-Modified`` is left out: without a lifetime, browsers would derive a heuristic one from it, days for
    old files (RFC 9111, section 4.2.2), and would see neither the edge nor a changed file until then.

    Args:
        folder: The folder.
        limits: The time limit of reading.

    Raises:
        NotADirectoryError: There is no such folder.
    """

    def __init__(self, folder: Path, *, limits: Limits) -> None:
        if not folder.is_dir():
            raise NotADirectoryError(f"{folder} is not a folder")
        self._folder = folder.resolve()
        self._limits = limits
        self._files = StaticFiles(directory=self._folder, follow_symlink=False)

    def address(self, scheme: str) -> str:
        """Return the folder's path."""
        return self._folder.as_posix().removesuffix("/")

    async def start(self) -> None:
        """Do nothing: a folder is always ready."""

    async def close(self) -> None:
        """Do nothing: no file stays open."""

    async def fetch(self, request: OriginRequest) -> OriginResponse:
        """Return the file at a path, 404 without one, or 405 for other methods than GET and HEAD.

        Raises:
            OriginError: The file cannot be read.
        """
        address = self.address(request.scheme) + request.target
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.scheme,
            "path": "/",
            "root_path": "",
            "query_string": b"",
            "headers": [
                (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
                for name, value in request.headers.fields()
                if name != "if-modified-since" or strict_date(value.strip(" \t")) is not None
            ],
        }
        try:
            async with asyncio.timeout(self._limits.answer_seconds):
                response = await asyncio.to_thread(self._response, request, scope)
        except TimeoutError as error:
            raise OriginError(
                "timeout", f"{address} was not read within {self._limits.answer_seconds:g} s"
            ) from error
        except OSError as error:
            raise OriginError(
                "unreachable", f"{address} cannot be read: {error.strerror or error}"
            ) from error
        silence = request.timeout or self._limits.silence_seconds
        body = _SentBody(response, scope, silence, address)
        try:
            return await body.answer()
        except BaseException:
            await body.aclose()
            raise

    def _response(self, request: OriginRequest, scope: Message) -> Response:
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Method Not Allowed", 405, headers={"allow": "GET, HEAD"})
        for path in candidates(request.target):
            full, found = self._look_up(path)
            if found is not None:
                return self._files.file_response(full, found, scope)
        full, found = self._look_up("404.html")
        if found is not None:
            return FileResponse(full, status_code=404, stat_result=found)
        return PlainTextResponse("Not Found", 404)

    def _look_up(self, path: str) -> tuple[str, os.stat_result | None]:
        try:
            full, found = self._files.lookup_path(path)
        except (PermissionError, ValueError):
            return "", None
        except OSError as error:
            if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
                return "", None
            raise
        return full, found if found is not None and stat.S_ISREG(found.st_mode) else None


class _Left(Exception):
    """The rest of the body is not needed."""


class _SentBody:
    """Runs an ASGI response, and passes its body on with backpressure."""

    def __init__(self, response: Response, scope: Message, silence: float, address: str) -> None:
        self._sent: asyncio.Queue[Message | Exception] = asyncio.Queue(1)
        self._silence = silence
        self._address = address
        self._over = False
        self._left = False
        self._missing: int | None = None
        self._is_head = scope["method"] == "HEAD"
        self._task = asyncio.create_task(self._run(response, scope))

    async def _run(self, response: Response, scope: Message) -> None:
        try:
            await response(scope, _never, self._take)
        except _Left:
            return
        except Exception as error:
            await self._sent.put(error)

    async def _take(self, message: Message) -> None:
        if not self._left:
            await self._sent.put(message)
        if self._left:
            raise _Left

    async def _next(self) -> Message:
        try:
            async with asyncio.timeout(self._silence):
                message = await self._sent.get()
        except TimeoutError as error:
            raise OriginError(
                "timeout", f"{self._address}: nothing was read for {self._silence:g} s"
            ) from error
        if isinstance(message, Exception):
            raise OriginError("cut", f"{self._address} cannot be read: {message}") from message
        return message

    async def answer(self) -> OriginResponse:
        start = await self._next()
        headers = HeaderFields(
            [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in start["headers"]
                if name != b"last-modified"
            ]
        )
        if not self._is_head and "content-length" in headers and start["status"] != 304:
            self._missing = int(headers["content-length"])
        return OriginResponse(start["status"], headers, self)

    def __aiter__(self) -> _SentBody:
        return self

    async def __anext__(self) -> bytes:
        while not self._over:
            message = await self._next()
            self._over = not message.get("more_body", False)
            piece: bytes = message.get("body", b"")
            if self._missing is not None:
                self._missing -= len(piece)
                if self._missing < 0 or (self._over and self._missing):
                    raise OriginError("cut", f"{self._address} changed while it was read")
            if piece:
                return piece
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Stop reading, and close the file.

        The reading task is not cancelled, since it would then leave the file open.
        """
        self._left = not self._over
        while not self._sent.empty():
            self._sent.get_nowait()
        await asyncio.wait([self._task], timeout=self._silence)


async def _never() -> NoReturn:
    await asyncio.Event().wait()
    raise AssertionError
