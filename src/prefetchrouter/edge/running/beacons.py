"""Beacons of page views: pages send them to a path of the edge, which keeps them as lines of JSON."""

from __future__ import annotations

import json
import time
from typing import Final

from prefetchrouter.edge.logging.line_file import LineFile
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse, plain
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.measurement.page_view import BeaconError, view_of_query

USUAL_BEACON_PATH: Final = "/__edgio__/view"


class Beacons:
    """Answers beacons, and keeps those that a page can have sent.

    A beacon is a request without a body whose query is the data, so that the access log of any server has
    it; of a body nothing is read.

    Args:
        path: The path that pages send them to.
        file: Where they are kept; None if the access log is enough.

    Example:
        >>> beacons = Beacons()
        >>> query = "edgio_view=1&browser=firefox&source=store&navigation=click"
        >>> beacons.answer(EdgeRequest("POST", "https", "shop.example", "/__edgio__/view", query)).status
        204
        >>> beacons.answer(EdgeRequest("POST", "https", "shop.example", "/cart")) is None
        True
    """

    def __init__(self, path: str = USUAL_BEACON_PATH, file: LineFile | None = None) -> None:
        self._path = path
        self._file = file

    def answer(self, request: EdgeRequest) -> EdgeResponse | None:
        """Return the response to a beacon, None for any other request."""
        if request.path != self._path:
            return None
        if request.method not in ("GET", "POST"):
            return plain(405, "Beacons are sent with POST.")
        try:
            view = view_of_query(request.query, round(time.time(), 3))
        except BeaconError as error:
            return plain(400, f"Not a beacon: {error}.")
        if self._file is not None:
            self._file.line(json.dumps(view.data()))
        return EdgeResponse(204, HeaderFields({"cache-control": "no-store"}))
