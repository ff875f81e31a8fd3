"""`Preview`: what `serve` adds for browsers on this machine, and for no one else."""

from __future__ import annotations

from collections.abc import Callable

from prefetchrouter.edge.pages.guard import refusal
from prefetchrouter.edge.preview.injecting import Injector
from prefetchrouter.edge.preview.warming import Handle, Warmer
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse


class Preview:
    """Handles requests by the rules, and lets whoever runs the edge see the effect at the first view.

    A request from another machine, for another name than this machine's, or through a proxy is handled by
    the rules alone.

    Args:
        handle: Handles a request by the rules.
        install_path: Returns the path of the script that pages get, or None for no script.
        warms: Whether pages are fetched when a prefetch finds them missing.
        on_skipped: Called with the reason, once for each, when a page cannot get the tag.
    """

    def __init__(
        self,
        handle: Handle,
        *,
        install_path: Callable[[], str] | None,
        warms: bool,
        on_skipped: Callable[[str], None],
    ) -> None:
        self._handle = handle
        self._warm = Warmer(handle).handle if warms else handle
        self._injector = Injector(install_path, self._skipped) if install_path is not None else None
        self._on_skipped = on_skipped
        self._known: set[str] = set()

    async def handle(self, request: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        """Return the response to a request, and what happened."""
        if refusal(request) is not None:
            return await self._handle(request)
        if self._injector is None:
            return await self._warm(request)
        response, trace = await self._warm(self._injector.request(request))
        return await self._injector.response(request, response), trace

    def _skipped(self, message: str) -> None:
        reason = message.partition(": ")[2]
        if reason not in self._known:
            self._known.add(reason)
            self._on_skipped(message)
