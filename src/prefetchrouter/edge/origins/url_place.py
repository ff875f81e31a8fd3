"""A host that is asked by HTTP or HTTPS."""

from __future__ import annotations

import asyncio
import io
import ssl
from functools import cached_property
from typing import Literal

import aiohttp
from aiohttp import http_exceptions
from yarl import URL

from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.message import OriginAnswer, OriginError, OriginRequest
from prefetchrouter.edge.origins.answer_body import AnswerBody
from prefetchrouter.edge.origins.connections import Attempt, Broken, new_session
from prefetchrouter.edge.origins.place import NotSent
from prefetchrouter.edge.origins.tls import OriginContext
from prefetchrouter.edge.origins.upload import Upload
from prefetchrouter.edge.origins.wire import answer_fields, body_length, check_framing, request_fields
from prefetchrouter.rules.property import TlsVerify
from prefetchrouter.rules.typed_property import DnsPreference


class UrlPlace:
    """A host at a port.

    Path, query and headers go out as they are given. A connection that had been kept and turns out to be
    closed is replaced once, for GET and HEAD without a body; nothing else is sent twice.

    Args:
        scheme: ``"http"``, ``"https"``, or ``"match"`` for that of the client's request.
        host: The host; an IPv6 address without brackets.
        port: The port; None for the scheme's own.
        limits: How long and how much.
        host_header: The Host header that it gets; None for that of the request.
        verify: How its certificate is checked; None for the usual.
        dns_preference: Which of its addresses count.
    """

    def __init__(
        self,
        scheme: Literal["http", "https", "match"],
        host: str,
        port: int | None,
        *,
        limits: Limits,
        host_header: str | None = None,
        verify: TlsVerify | None = None,
        dns_preference: DnsPreference | None = None,
    ) -> None:
        self._scheme = scheme
        self._host = f"[{host}]" if ":" in host else host
        self._port = port
        self._limits = limits
        self._host_header = host_header
        self._verify = verify
        self._dns_preference = dns_preference
        self._session: aiohttp.ClientSession | None = None

    def address(self, scheme: str) -> str:
        """Return the address for people, without a slash at its end."""
        return str(self._url(scheme, "/")).removesuffix("/")

    def _url(self, scheme: str, target: str) -> URL:
        """Return a URL whose path is the target to the byte, with its query."""
        used = scheme if self._scheme == "match" else self._scheme
        return URL.build(scheme=used, host=self._host, port=self._port, path=target, encoded=True)

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return OriginContext.made_for(self._host.strip("[]"), self._verify)

    async def start(self) -> None:
        """Get ready to ask."""
        self._session = new_session(self._limits, self._dns_preference)

    async def close(self) -> None:
        """End all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def ask(self, request: OriginRequest) -> OriginAnswer:
        """Return the answer as soon as its head is there.

        Raises:
            OriginError: There is no answer.
        """
        address = self.address(request.scheme)
        again = request.body is None and request.method in ("GET", "HEAD")
        while True:
            attempt = Attempt()
            try:
                return await self._answer(request, address, attempt)
            except Broken as error:
                if not (again and attempt.pooled):
                    raise OriginError(
                        "unreachable", f"{address} ended the connection without an answer"
                    ) from error
                again = False

    async def _answer(self, request: OriginRequest, address: str, attempt: Attempt) -> OriginAnswer:
        try:
            response = await self._send(request, attempt)
        except aiohttp.ConnectionTimeoutError as error:
            raise NotSent(
                "timeout", f"{address}: no connection within {self._limits.connect_seconds:g} s"
            ) from error
        except TimeoutError as error:
            raise OriginError(
                "timeout", f"{address} gave no answer within {self._limits.answer_seconds:g} s"
            ) from error
        except aiohttp.ClientConnectorError as error:
            raise NotSent("unreachable", f"{address} cannot be reached: {_why(error)}") from error
        except aiohttp.ClientResponseError as error:
            raise _not_http(address, error, self._limits) from error
        except aiohttp.ClientError as error:
            raise OriginError("unreachable", f"{address} cannot be asked: {error}") from error
        except ValueError as error:
            raise OriginError("garbage", f"{address} cannot be asked this: {error}") from error
        try:
            return self._checked(response, request, address)
        except BaseException:
            response.close()
            raise

    async def _send(self, request: OriginRequest, attempt: Attempt) -> aiohttp.ClientResponse:
        if self._session is None:
            raise RuntimeError("start() comes before ask()")
        loop = asyncio.get_running_loop()
        url = self._url(request.scheme, request.target)
        upload: Upload | None = None
        waiting = True
        try:
            async with asyncio.timeout(self._limits.answer_seconds) as deadline:

                def begin_anew() -> None:
                    if waiting and not deadline.expired():
                        deadline.reschedule(loop.time() + self._limits.answer_seconds)

                if request.body is not None and not isinstance(request.body, bytes):
                    upload = Upload(request.body, body_length(request), begin_anew)
                return await self._session.request(
                    request.method,
                    url,
                    headers=request_fields(request, self._host_header),
                    data=upload.pieces() if upload else _readable(request.body),
                    allow_redirects=False,
                    ssl=self._context if url.scheme == "https" else True,
                    server_hostname=self._verify.sni_hint_and_strict_san_check if self._verify else None,
                    trace_request_ctx=attempt,
                )
        except (aiohttp.ClientError, Broken):
            if upload is not None and upload.failure is not None:
                raise upload.failure from None
            raise
        finally:
            waiting = False

    def _checked(
        self, response: aiohttp.ClientResponse, request: OriginRequest, address: str
    ) -> OriginAnswer:
        raw = response.raw_headers
        if sum(len(name) + len(value) + 4 for name, value in raw) > self._limits.header_bytes:
            raise _too_large(address, self._limits)
        try:
            if response.status == 101:
                raise ValueError("it switches protocols without having been asked to")
            if response.status < 200:
                raise ValueError(f"{response.status} is no status of an answer")
            version = response.version or aiohttp.HttpVersion10
            check_framing(raw, (version.major, version.minor))
            headers = answer_fields(raw)
        except ValueError as error:
            raise OriginError("garbage", f"{address} sent no proper HTTP: {error}") from error
        silence = request.timeout or self._limits.silence_seconds
        return OriginAnswer(response.status, headers, AnswerBody(response, silence, address))


def _readable(body: object) -> io.BytesIO | None:
    """Return a body as the client library likes to send it, piece by piece."""
    return io.BytesIO(body) if isinstance(body, bytes) else None


def _why(error: aiohttp.ClientConnectorError) -> str:
    cause = error.os_error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is refused: {getattr(cause, 'verify_message', None) or cause.strerror}"
    return cause.strerror or str(cause)


def _too_large(address: str, limits: Limits) -> OriginError:
    return OriginError("too-large", f"{address} sent headers of more than {limits.header_bytes} bytes")


def _not_http(address: str, error: BaseException, limits: Limits) -> OriginError:
    """Tell what the parser found, without what it quotes over several lines."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, http_exceptions.LineTooLong):
            return _too_large(address, limits)
        cause = cause.__cause__
    told = str(getattr(error, "message", error)).strip().partition("\n")[0].strip(" :")
    if "Too many headers" in told:
        return OriginError("too-large", f"{address} sent too many headers")
    return OriginError("garbage", f"{address} sent no proper HTTP: {told}")
