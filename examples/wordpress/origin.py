"""A stand-in for WordPress: its addresses, cookies and headers, as far as a cache sees them, without PHP.

Run it with ``python origin.py [PORT]``; each request that reaches it is a line.
The account is ann, her password tea.
"""

from __future__ import annotations

import html
import re
import sys
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SITE = "5f3a"
"""What WordPress appends to its cookies: a hash of the site's address."""

POSTS = {
    "/green-tea/": "Green tea",
    "/2026/11/first-frost/": "First frost",
    "/about/": "About us",
    "/category/tea/": "Tea",
}
PRIVATE = "no-cache, must-revalidate, max-age=0, no-store, private"


class WordPress(BaseHTTPRequestHandler):
    """Pages for everybody, pages for those who are signed in, comments that wait for approval."""

    protocol_version = "HTTP/1.1"
    waiting: list[tuple[str, str, str]] = []  # noqa: RUF012 (one site, all requests)
    """Comments: the author, the page and the text."""

    def do_GET(self) -> None:
        """Answer as WordPress does."""
        url = urlsplit(self.path)
        path, query = url.path, parse_qs(url.query, keep_blank_values=True)
        if path.startswith("/wp-content/"):
            self._send(200, "body { font-family: Georgia, serif }", {"content-type": "text/css"})
        elif path == "/wp-login.php":
            self._login_page(query)
        elif path.startswith("/wp-admin/"):
            self._admin(path)
        elif path.startswith("/wp-json/"):
            self._send(200, '{"posts": []}', {"content-type": "application/json"})
        elif path.rstrip("/").endswith("/feed"):
            self._send(200, "<rss/>", {"content-type": "application/rss+xml"})
        elif path != "/" and not path.endswith("/"):
            self._send(301, "", {"location": f"{path}/" + (f"?{url.query}" if url.query else "")})
        elif path == "/" or path in POSTS:
            self._page(path, query)
        else:
            self._send(404, self._html("Nothing here", "<p>That page cannot be found.</p>"))

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """Sign in, or take a comment."""
        sent = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(sent).items()}
        if self.path.startswith("/wp-login.php") and (form.get("log"), form.get("pwd")) == ("ann", "tea"):
            cookies = [
                f"wordpress_logged_in_{SITE}=ann; Path=/; HttpOnly",
                f"wordpress_sec_{SITE}=ann; Path=/wp-admin; HttpOnly",
            ]
            self._send(302, "", {"location": "/wp-admin/", "cache-control": PRIVATE}, cookies)
        elif self.path.startswith("/wp-comments-post.php") and form.get("page") in POSTS:
            self.waiting.append((form["author"], form["page"], form["comment"]))
            cookies = [f"comment_author_{SITE}={form['author']}; Path=/; Max-Age=30000000"]
            self._send(302, "", {"location": form["page"], "cache-control": PRIVATE}, cookies)
        else:
            self._send(403, "Error", {"cache-control": PRIVATE})

    def log_message(self, format: str, *arguments: object) -> None:
        """Print each request without its time."""
        print(format % arguments, flush=True)

    def _cookie(self, name: str) -> str | None:
        found = SimpleCookie(self.headers.get("cookie", "")).get(f"{name}_{SITE}")
        return found.value if found else None

    def _login_page(self, query: dict[str, list[str]]) -> None:
        gone = "Max-Age=0; Path=/"
        out = query.get("action") == ["logout"]
        cookies = [f"wordpress_logged_in_{SITE}= ; {gone}"] if out else ["wordpress_test_cookie=1; Path=/"]
        fields = '<input name="log"><input name="pwd" type="password"><button>Log In</button>'
        form = f'<form method="post">{fields}</form>'
        self._send(200, self._html("Log In", form), {"cache-control": PRIVATE}, cookies)

    def _admin(self, path: str) -> None:
        name = self._cookie("wordpress_logged_in")
        if name is None:
            location = f"/wp-login.php?redirect_to={path}"
            self._send(302, "", {"location": location, "cache-control": PRIVATE})
        else:
            self._send(200, self._html("Dashboard", f"<p>Howdy, {name}"), {"cache-control": PRIVATE})

    def _page(self, path: str, query: dict[str, list[str]]) -> None:
        if "s" in query:
            found = [title for title in POSTS.values() if query["s"][0].lower() in title.lower()]
            self._send(200, self._html("Search", f"<p>{len(found)} found"))
            return
        parts = [f'<li><a href="{link}">{title}</a>' for link, title in POSTS.items()]
        author = self._cookie("comment_author")
        for name, page, text in self.waiting:
            if page == path and name == author:
                parts.append(f"<p>Your comment is awaiting moderation: {html.escape(text)}")
        signed_in = self._cookie("wordpress_logged_in")
        if signed_in is not None:
            parts.append(f'<div id="wpadminbar">Howdy, {html.escape(signed_in)}</div>')
        # Pages of visitors without an account have no Cache-Control at all.
        headers = {"cache-control": PRIVATE} if signed_in is not None else {}
        self._send(200, self._html(POSTS.get(path, "Tea blog"), "".join(parts)), headers)

    def _html(self, title: str, body: str) -> str:
        head = '<link rel="stylesheet" href="/wp-content/themes/tea/style.css?ver=6.8">'
        return f"<!doctype html><title>{title}</title>{head}<h1>{title}</h1>{body}"

    def _send(
        self, status: int, body: str, headers: dict[str, str] | None = None, cookies: list[str] | None = None
    ) -> None:
        self.send_response(status)
        data = body.encode()
        fields = {
            "content-type": "text/html; charset=UTF-8",
            "content-length": str(len(data)),
            **(headers or {}),
        }
        for name, value in fields.items():
            self.send_header(name, value)
        for cookie in cookies or ():
            self.send_header("set-cookie", re.sub(r"[\r\n]", "", cookie))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", int((sys.argv[1:] or ["8090"])[0])), WordPress) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()
