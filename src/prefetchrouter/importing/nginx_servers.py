"""Which of several servers a request gets to: by its scheme and host, the default server last."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from prefetchrouter.importing.imported import Imported
from prefetchrouter.importing.nginx_conf import Directive
from prefetchrouter.importing.python_source import Expression

_HOST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")
_BOTH: Final = frozenset(("HTTP", "HTTPS"))


def criteria_of_servers(
    servers: Sequence[Directive], imported: Imported
) -> Iterator[tuple[Directive, dict[str, Expression]]]:
    """Yield the servers whose requests rules can tell apart, each with its criteria; others leave a remark.

    Args:
        servers: The blocks, in order.
        imported: Takes the remarks.
    """
    if len(servers) == 1:
        yield servers[0], {}
        return
    known = [(each, _schemes(each), _names(each)) for each in servers]
    defaults: dict[str, Directive] = {}
    for scheme in sorted(_BOTH):
        those = [each for each, schemes, _ in known if scheme in schemes]
        marked = [each for each in those if _is_default(each)]
        if those:
            defaults[scheme] = (marked or those)[0]
    last: list[tuple[Directive, dict[str, Expression]]] = []
    for each, schemes, names in known:
        by_scheme: dict[str, Expression] = {} if schemes == _BOTH else {"scheme": sorted(schemes)[0]}
        if schemes == {s for s, default in defaults.items() if default is each}:
            last.append((each, by_scheme))
        elif (
            any(default is each for default in defaults.values())
            or not all(map(_HOST.fullmatch, names))
            or not names
        ):
            imported.not_understood(
                each.source,
                each.line,
                "its names are not plain host names, or it is the default of one scheme",
            )
        else:
            yield each, {**by_scheme, "variable": {"host": names if len(names) > 1 else names[0]}}
    yield from last


def _schemes(server: Directive) -> set[str]:
    listens = [each.arguments for each in server.block or () if each.name == "listen"]
    return {
        "HTTPS" if "ssl" in words or re.search(r"(?:^|:)443$", words[0]) else "HTTP"
        for words in listens
        if words
    } or {"HTTP"}


def _names(server: Directive) -> list[str]:
    return [
        name.lower() for each in server.block or () if each.name == "server_name" for name in each.arguments
    ]


def _is_default(server: Directive) -> bool:
    return any(
        "default_server" in each.arguments or "default" in each.arguments
        for each in server.block or ()
        if each.name == "listen"
    )
