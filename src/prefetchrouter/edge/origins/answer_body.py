"""The body of an answer on its way from an origin."""

from __future__ import annotations

import asyncio

import aiohttp

from prefetchrouter.edge.message import OriginError


class AnswerBody:
    """The pieces of a body, in the sizes in which they come.

    Args:
        response: The answer whose body it is.
        silence: Seconds that may pass until the next piece.
        address: The origin's address, for messages.
    """

    def __init__(self, response: aiohttp.ClientResponse, silence: float, address: str) -> None:
        self._response = response
        self._silence = silence
        self._address = address
        framed = "content-length" in response.headers or "transfer-encoding" in response.headers
        self._ended_by = None if framed or response.connection is None else response.connection.protocol

    def __aiter__(self) -> AnswerBody:
        return self

    async def __anext__(self) -> bytes:
        """Return the next piece.

        Raises:
            OriginError: The origin breaks off, or is silent for too long.
        """
        try:
            async with asyncio.timeout(self._silence):
                piece = await self._response.content.readany()
        except TimeoutError as error:
            self._response.close()
            raise OriginError(
                "timeout", f"{self._address} sent nothing for {self._silence:g} s in the body"
            ) from error
        except (aiohttp.ClientError, aiohttp.http_exceptions.HttpProcessingError, OSError) as error:
            self._response.close()
            raise OriginError("cut", f"{self._address} broke off in the body") from error
        if not piece:
            if self._ended_by is not None and isinstance(self._ended_by.exception(), OSError):
                raise OriginError("cut", f"{self._address} broke off in the body")
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        """Give the connection back, or end it when the body was not read to its end."""
        if self._response.content.at_eof() and self._response.content.exception() is None:
            self._response.release()
        else:
            self._response.close()
