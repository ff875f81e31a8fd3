"""``prefetchrouter purge``: removes stored responses from an edge or program that runs on this machine."""

from __future__ import annotations

import argparse
import http.client
import json
from pathlib import Path
from typing import Any

from prefetchrouter.cli.option_values import port
from prefetchrouter.cli.parsing import utf8

USUAL_PORT = 8081
"""The port of the pages of `serve` on its usual port."""

_SECONDS = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add(
        "--tag",
        action="append",
        type=utf8,
        default=[],
        metavar="TAG",
        help="those with this tag, from purge_tags",
    )
    add(
        "--url",
        action="append",
        type=utf8,
        default=[],
        metavar="URL",
        help="those of a URL, or of a path on each host",
    )
    add("--all", action="store_true", help="all of them")
    add(
        "--folder", type=Path, metavar="FOLDER",
        help="the folder of a built target, such as dist/nginx, whose program runs on this machine",
    )  # fmt: skip
    add(
        "--port", type=port(1), default=USUAL_PORT,
        help=f"the port of the edge's pages (default: {USUAL_PORT})",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Purge, and print how many stored responses were removed."""
    from prefetchrouter.errors import LiveEdgeError

    if options.all == bool(options.tag or options.url):
        raise LiveEdgeError.of(
            "command-line", "nothing says what to purge", expected="--tag, --url, or --all alone"
        )
    if options.folder is not None:
        count = _of_program(options.folder, options.tag, options.url)
    else:
        wanted = {"all": True} if options.all else {"tags": options.tag, "urls": options.url}
        count = _answer(options.port, wanted)["purged"]
    if options.format == "json":
        print(json.dumps({"purged": count}, indent=2))
    elif count is None:
        print("removed; the program does not say how many stored responses there were")
    else:
        print(f"{count:,} stored response{'s' * (count != 1)} removed")
    return 0


def _of_program(folder: Path, tags: list[str], urls: list[str]) -> int | None:
    """Remove what the program that runs with the files of a folder has stored; return how many there were.

    Raises:
        LiveEdgeError: No program that can purge works in the folder, or it cannot purge these.
    """
    from prefetchrouter.engines.programs import ENGINES, engine_named
    from prefetchrouter.engines.purge_request import PurgeRequest
    from prefetchrouter.errors import LiveEdgeError

    engines = [engine for name in ENGINES if (engine := engine_named(name)).built_file]
    found = [engine for engine in engines if (folder / engine.built_file).is_file()]
    if not found:
        files = " nor ".join(dict.fromkeys(engine.built_file for engine in engines))
        raise LiveEdgeError.of(
            "live-edge", f"{folder} was not built for a program with a purge: it has neither {files}",
            hint="--folder is the folder of a target, such as dist/nginx",
        )  # fmt: skip
    try:
        return found[0].purge(folder, PurgeRequest.of(tags, urls))
    except ValueError as error:
        raise LiveEdgeError.of("live-edge", str(error)) from None


def _answer(port: int, wanted: dict[str, Any]) -> dict[str, int]:
    """Send the request to the edge, and return its answer.

    Raises:
        LiveEdgeError: There is no edge with pages at that port, or it refuses the request.
    """
    from prefetchrouter.browser.names import NAMES
    from prefetchrouter.errors import LiveEdgeError

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    place = f"http://localhost:{port}"
    try:
        headers = {"host": f"localhost:{port}", "content-type": "application/json"}
        connection.request("POST", f"{NAMES.own_path_prefix}/purge", json.dumps(wanted), headers)
        response = connection.getresponse()
        text = response.read(1024 * 1024)
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise LiveEdgeError.of(
            "live-edge", f"{place} does not answer: {reason}",
            hint="prefetchrouter serve --pages prints the port of its pages; give it with --port",
        ) from None  # fmt: skip
    finally:
        connection.close()
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if isinstance(found, dict) and isinstance(found.get("purged"), int):
        return {"purged": found["purged"]}
    if isinstance(found, dict) and "error" in found:
        raise LiveEdgeError.of("live-edge", str(found["error"]))
    raise LiveEdgeError.of(
        "live-edge", f"{place} answers with {response.status}, not as the pages of an edge",
        hint="the port of the pages is not that of the site; serve --pages prints it",
    )  # fmt: skip
