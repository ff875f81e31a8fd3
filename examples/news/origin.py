"""A stand-in for the system of a news site: any article by its address, the whole of it for subscribers.

Run it with ``python origin.py [PORT]``; each request that reaches it is a line.
"""

from __future__ import annotations

import csv
import html
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

SECTIONS = ("politics", "business", "science", "culture", "sport")
ARTICLE = re.compile(rf"/({'|'.join(SECTIONS)})/([a-z0-9-]+)")


class News(BaseHTTPRequestHandler):
    """Pages, a feed and pictures."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with the page of the address."""
        url = urlsplit(self.path)
        found = ARTICLE.fullmatch(url.path)
        if url.path == "/":
            self._send(200, page("The day", *(teasers(section)[0] for section in SECTIONS)))
        elif url.path.removeprefix("/") in SECTIONS:
            self._send(200, page(url.path[1:].capitalize(), *teasers(url.path[1:])))
        elif found is not None:
            self._send(200, article(found[2], whole="subscriber=" in self.headers.get("cookie", "")))
        elif url.path == "/search":
            words = " ".join(parse_qs(url.query).get("q", []))
            self._send(200, page(f"Found for {html.escape(words)}"))
        elif url.path == "/archive":
            self._send(200, page("Archive"))
        elif url.path == "/feed.xml":
            self._send(200, "<rss/>", "application/rss+xml")
        elif url.path.startswith("/img/"):
            self._send(200, '<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml")
        else:
            self._send(404, page("Nothing here"))

    do_HEAD = do_GET

    def log_message(self, format: str, *arguments: object) -> None:
        """Print each request without its time."""
        print(format % arguments, flush=True)

    def _send(self, status: int, body: str, kind: str = "text/html; charset=utf-8") -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def page(title: str, *parts: str) -> str:
    """Return a page; each has the sections at its top."""
    sections = " ".join(f'<a href="/{name}">{name}</a>' for name in SECTIONS)
    body = "".join(f"<p>{part}" for part in parts)
    return f"<!doctype html><title>{title}</title><nav>{sections}</nav><h1>{title}</h1>{body}"


def teasers(section: str) -> list[str]:
    """Return links to some articles of a section, and to a live blog."""
    with Path(__file__).with_name("redirects.csv").open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file)
        paths = [*islice((line["to"] for line in lines if line["to"].startswith(f"/{section}/")), 12)]
    return [f'<a href="{path}">{path.rpartition("/")[2]}</a>' for path in (*paths, f"/{section}/live-derby")]


def article(slug: str, *, whole: bool) -> str:
    """Return an article: the first sentence for everybody, all of it for subscribers."""
    rest = "And this is the rest of it, for subscribers." if whole else '<a href="/subscribe">Subscribe</a>'
    return page(html.escape(slug.replace("-", " ").capitalize()), "It happened yesterday.", rest)


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", int((sys.argv[1:] or ["8090"])[0])), News) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()
