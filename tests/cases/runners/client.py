"""A client that sends exactly what a case says, on a new connection, and reads what comes."""

from __future__ import annotations

import asyncio
import zlib
from contextlib import suppress
from urllib.parse import urlsplit

import httptools

from cases.runners.case import Send, filled
from cases.runners.comparing import Response
from edge.waiting import PATIENCE


def request_bytes(send: Send, host: str, start: float) -> bytes:
    """Return a request as it goes over the wire."""
    headers = [(name, filled(text, start)) for name, text in send.headers]
    names = {name for name, _ in headers}
    if "host" not in names and send.version == "1.1":
        headers.insert(0, ("host", host))
    if send.body and not names & {"content-length", "transfer-encoding"}:
        headers.append(("content-length", str(len(send.body))))
    body = send.body
    if ("transfer-encoding", "chunked") in headers:
        body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"
    lines = "".join(f"{name}: {text}\r\n" for name, text in headers if text != "(none)")
    return f"{send.method} {send.target} HTTP/{send.version}\r\n{lines}\r\n".encode() + body


class _Reading:
    """What httptools reports of a response."""

    def __init__(self) -> None:
        self.headers: list[tuple[str, str]] = []
        self.body = b""
        self.is_complete = False

    def on_message_begin(self) -> None:
        self.headers, self.body, self.is_complete = [], b"", False

    def on_header(self, name: bytes, value: bytes) -> None:
        text = value.decode("utf-8", "surrogateescape")
        self.headers.append((name.decode("latin-1").lower(), text))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.is_complete = True


async def exchange(url: str, data: bytes, method: str) -> Response:
    """Send a request, and return the response.

    Raises:
        OSError: There is no connection, or no response on it.
    """
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        async with asyncio.timeout(PATIENCE):
            writer.write(data)
            return await _read(reader, method)
    finally:
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.wait_for(writer.wait_closed(), 1)


async def _read(reader: asyncio.StreamReader, method: str) -> Response:
    head = b""
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            raise ConnectionResetError(f"no response, but {error.partial!r}") from None
        if not head.split(b" ", 2)[1].startswith(b"1"):
            break
    reading = _Reading()
    parser = httptools.HttpResponseParser(reading)
    parser.feed_data(head)
    status = parser.get_status_code()
    if method == "HEAD" or status in (204, 304):
        return Response(status, tuple(reading.headers))
    is_framed = bool({"content-length", "transfer-encoding"} & {name for name, _ in reading.headers})
    while not reading.is_complete:
        try:
            data = await reader.read(65536)
        except ConnectionError:
            data = b""
        if not data:
            break
        try:
            parser.feed_data(data)
        except httptools.HttpParserError as error:
            raise ConnectionError(f"not HTTP: {error}") from None
    is_cut = is_framed and not reading.is_complete
    return Response(status, tuple(reading.headers), unzipped(reading.headers, reading.body), is_cut)


def unzipped(headers: list[tuple[str, str]], body: bytes) -> bytes:
    """Return a body without gzip."""
    if ("content-encoding", "gzip") not in headers or not body.startswith(b"\x1f\x8b"):
        return body
    return zlib.decompressobj(31).decompress(body)
