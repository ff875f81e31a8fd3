"""The body of a response that is arriving from an origin."""

from __future__ import annotations

from collections.abc import Callable

from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.edge.origins.incoming_response import IncomingResponse


class ResponseBody:
    """The pieces of a body, in the sizes in which they arrive.

    Args:
        answer: The response whose body it is.
        give_up: Closes the connection.
        silence: The time limit for the next piece, in seconds.
        address: The origin's address, for messages.
    """

    __slots__ = ("_address", "_answer", "_give_up", "_silence")

    def __init__(
        self, answer: IncomingResponse, give_up: Callable[[], None], silence: float, address: str
    ) -> None:
        self._answer = answer
        self._give_up = give_up
        self._silence = silence
        self._address = address

    def __aiter__(self) -> ResponseBody:
        return self

    async def __anext__(self) -> bytes:
        """Return the next piece.

        Raises:
            OriginError: The origin breaks off, or sends nothing for too long.
        """
        answer = self._answer
        while True:
            piece = answer.take()
            if piece:
                return piece
            if answer.error is not None:
                raise OriginError("cut", f"{self._address} broke off in the body") from answer.error
            if answer.is_over:
                raise StopAsyncIteration
            try:
                await answer.wait(self._silence)
            except TimeoutError as error:
                self._give_up()
                raise OriginError(
                    "timeout", f"{self._address} sent nothing for {self._silence:g} s in the body"
                ) from error

    async def aclose(self) -> None:
        """Close the connection if the body was not read to its end."""
        if not self._answer.is_over:
            self._give_up()
