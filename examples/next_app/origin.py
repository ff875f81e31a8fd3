"""Answers as the built app did when recorded.json was written: ``python origin.py [PORT]``."""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

RECORDED: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("recorded.json").read_text(encoding="utf-8")
)


class App(BaseHTTPRequestHandler):
    """The recorded answers; a request that was not recorded is an error of the test."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer as Next did."""
        fitting = [found for found in RECORDED if found["path"] == self.path and self._has(found["sent"])]
        if not fitting:
            self._send(501, {}, f"not recorded: {self.path}")
            return
        found = max(fitting, key=lambda each: len(each["sent"]))
        self._send(found["status"], found["headers"], found["text"])

    def log_message(self, format: str, *arguments: object) -> None:
        """Print each request without its time."""
        print(format % arguments, flush=True)

    def _has(self, sent: dict[str, str]) -> bool:
        return all(value in self.headers.get(name, "") for name, value in sent.items())

    def _send(self, status: int, headers: dict[str, str], text: str) -> None:
        data = text.encode()
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", int((sys.argv[1:] or ["8090"])[0])), App) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()
