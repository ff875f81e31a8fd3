"""A configuration of nginx that is imported, and built for nginx again, answers as it did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cases.runners.engine import Site
from cases.runners.nginx import Nginx
from http_servers import QuietHandler, serving
from importing.imported_routes import rules_of
from importing.nginx_site import MAPS, REQUESTS, SERVER
from importing.real_nginx import answer, nginx
from prefetchrouter.importing import Imported
from prefetchrouter.importing.nginx import read_nginx


@contextmanager
def origin_without_pages() -> Iterator[str]:
    """Serve an origin that answers 404 to all, as nginx does for a file that is not there."""

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            self.reply(status=404)

    with serving(Handler) as url:
        yield url


@pytest.mark.needs("nginx")
@pytest.mark.needs("njs")
def test_what_is_built_answers_as_the_configuration_it_was_imported_from(tmp_path: Path) -> None:
    """Status, Location and headers, for every location."""
    imported = Imported()
    read_nginx(MAPS + "server {" + SERVER + "}", "nginx.conf", imported)
    (tmp_path / "built").mkdir()
    engine = Nginx()
    with origin_without_pages() as origin, nginx(tmp_path, SERVER, MAPS) as before:
        site = Site(tmp_path / "built", tmp_path / "routes.py", rules_of(imported), {"": origin})
        try:
            place = urlsplit(engine.start(site))
            after = place.hostname or "", place.port or 0
            for target, headers in REQUESTS:
                assert shown(*answer(after, target, headers)) == shown(*answer(before, target, headers)), (
                    target,
                    headers,
                )
        finally:
            engine.stop()


def shown(status: int, headers: Message) -> tuple[object, ...]:
    """What the two have in common; `expires` is for successful responses and redirects at nginx."""
    return (
        status,
        headers["location"],
        headers["x-location"],
        headers["cache-control"] if status < 400 else None,
    )
