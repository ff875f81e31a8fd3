"""`LiveClient`: sends requests to a live edge, one after the other."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from prefetchrouter.errors import LiveEdgeError, RequestError
from prefetchrouter.http.message import HeaderFields, Request
from prefetchrouter.live_check.live_site import LiveSite
from prefetchrouter.printable import printable
from prefetchrouter.version import VERSION

USER_AGENT: Final = f"prefetchrouter-deploy-check/{VERSION}"
MOST_BODY: Final = 256 * 1024
"""How much of a body is read."""

_SECONDS: Final = 10.0
_MOST_FAILURES: Final = 3


@dataclass(frozen=True, slots=True)
class LiveResponse:
    """A response of a live edge.

    Args:
        status: The status code.
        headers: The headers.
        body: The first part of the body.
        is_cut: Whether the body is longer than that.
    """

    status: int
    headers: HeaderFields
    body: bytes = b""
    is_cut: bool = False


class LiveClient:
    """Sends requests to a live edge, one after the other, with a pause between them.

    Redirects are not followed, cookies are not kept, and nothing is sent twice.

    Args:
        site: The edge.
        pause: How long to wait between two requests, in seconds.
        context: For HTTPS; by default certificates are checked with those of the system.
        sleep: Waits for a number of seconds.
    """

    def __init__(
        self,
        site: LiveSite,
        *,
        pause: float = 0.1,
        context: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._site = site
        self._pause = pause
        self._context = context
        self._sleep = sleep
        self._failures = 0
        self.sent = 0
        """How many requests have been sent."""

    def send(self, request: Request) -> LiveResponse | str:
        """Return the response to a request, or why there is none.

        Args:
            request: The request, as rules see it.

        Raises:
            LiveEdgeError: The edge does not answer the first request, or several in a row; or it limits
                requests (429).
        """
        if self.sent:
            self._sleep(self._pause)
        self.sent += 1
        try:
            response = self._exchanged(request)
        except (OSError, http.client.HTTPException, RequestError) as error:
            self._failures += 1
            why = _why(error)
            if self.sent == 1 or self._failures == _MOST_FAILURES:
                raise LiveEdgeError.of("live-edge", f"{self._site.url} does not answer: {why}") from None
            return why
        self._failures = 0
        if response.status == 429:
            raise LiveEdgeError.of(
                "live-edge", f"{self._site.url} limits requests: it sent 429 to number {self.sent:,}",
                hint="a longer --pause, or fewer requests with --most",
            )  # fmt: skip
        return response

    def _exchanged(self, request: Request) -> LiveResponse:
        site = self._site
        target = f"{request.path}?{request.query}" if request.query else request.path
        connection: http.client.HTTPConnection
        if site.scheme == "https":
            connection = _TlsConnection(site, self._context or ssl.create_default_context())
        else:
            connection = http.client.HTTPConnection(site.address, timeout=_SECONDS)
        try:
            connection.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
            connection.putheader("host", site.host_header(request) or site.sent_host)
            given = {name: text for name, text in request.headers.items() if name != "host"}
            for name, text in {"user-agent": USER_AGENT, "accept": "*/*", **given}.items():
                connection.putheader(name, text.encode("utf-8", "surrogateescape"))
            connection.putheader("connection", "close")
            connection.endheaders()
            response = connection.getresponse()
            body = b"" if request.method == "HEAD" else response.read(MOST_BODY + 1)
            headers = HeaderFields([(name, text) for name, text in response.getheaders()])
            return LiveResponse(response.status, headers, body[:MOST_BODY], len(body) > MOST_BODY)
        finally:
            with suppress(OSError):
                connection.close()


class _TlsConnection(http.client.HTTPConnection):
    """A connection by TLS to an address, with the certificate of the host that is requested there."""

    default_port = 443

    def __init__(self, site: LiveSite, context: ssl.SSLContext) -> None:
        super().__init__(site.address, timeout=_SECONDS)
        self._context = context
        self._name = urlsplit(f"//{site.sent_host}").hostname or self.host

    def connect(self) -> None:
        super().connect()
        self.sock = self._context.wrap_socket(self.sock, server_hostname=self._name)


def _why(error: Exception) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is refused: {error.verify_message}"
        case TimeoutError():
            return f"nothing came within {_SECONDS:g} s"
        case socket.gaierror():
            return "its name has no address"
        case http.client.RemoteDisconnected():
            return "it closed the connection without a response"
        case OSError():
            return error.strerror or printable(str(error)) or type(error).__name__
        case _:
            return f"it sent invalid HTTP ({type(error).__name__})"
