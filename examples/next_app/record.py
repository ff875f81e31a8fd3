"""Writes recorded.json: what the built app answers to the requests that browsers send it.

    npm ci && npm run build && npx next start --port 3000
    python record.py http://localhost:3000

The rules are tested with these answers, so that a test needs neither npm nor a build. Texts are cut.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MOST = 400
"""How much of each text is kept."""

DOCUMENTS = ("/", "/products/1", "/products/2", "/account", "/legacy/2", "/nothing-here")
OTHERS = ("/api/stock", "/_next/data/tea-1/legacy/2.json", "/_next/static/tea-1/_buildManifest.js")
ROUTER = {"rsc": "1"}
AHEAD = {"rsc": "1", "next-router-prefetch": "1", "next-router-segment-prefetch": "/_tree"}
OF_THE_CONNECTION = ("date", "connection", "keep-alive", "transfer-encoding", "content-length")


def recorded(address: str) -> Iterator[dict[str, Any]]:
    """Yield the answer to each request; Next sends its router to the address with the right ``_rsc``."""
    first = answer(address, "/", {})
    script = re.search(r'src="(/_next/static/[^"]+\.js)"', first["text"])
    for path in (*DOCUMENTS, *OTHERS, *([script[1]] if script else [])):
        yield cut(answer(address, path, {}))
    yield cut(answer(address, "/account", {"cookie": "session=ann"}))
    for headers in (ROUTER, AHEAD):
        sent = answer(address, "/products/1?_rsc=0", headers)
        yield cut(sent)
        yield cut(answer(address, sent["headers"]["location"], headers))


def answer(address: str, path: str, headers: dict[str, str]) -> dict[str, Any]:
    """Send a request, and return it with its answer."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    fields = {name.lower(): value for name, value in response.getheaders()}
    return {
        "path": path,
        "sent": headers,
        "status": response.status,
        "headers": {name: value for name, value in fields.items() if name not in OF_THE_CONNECTION},
        "text": text,
    }


def cut(found: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with the begin of its text, and what visitors read of a page."""
    heading = re.search(r"<h1>.*?</h1>", found["text"])
    return {**found, "text": heading[0] if heading else found["text"][:MOST]}


if __name__ == "__main__":
    lines = json.dumps(list(recorded(sys.argv[1])), indent=1, ensure_ascii=False)
    Path(__file__).with_name("recorded.json").write_text(f"{lines}\n", encoding="utf-8")
