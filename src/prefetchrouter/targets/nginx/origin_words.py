"""Which origin gets a request, with which headers, and which line decided."""

from __future__ import annotations

from prefetchrouter.catalog import keys
from prefetchrouter.targets.nginx.book import BookLine
from prefetchrouter.targets.nginx.conf_text import ConfText, key, quoted, value
from prefetchrouter.targets.nginx.header_variables import headers_of
from prefetchrouter.targets.nginx.leaves import leaves_of, line_of
from prefetchrouter.targets.nginx.phase_settings import NONE
from prefetchrouter.targets.nginx.words import Words


class OriginWords(Words):
    """Adds the words about origins."""

    def add_origins(self) -> None:
        """Add them."""
        self._origin()
        self._rule()

    def _origin(self) -> None:
        early, book = self.early, self.book
        default = ConfText("none")
        by_host = [BookLine(key(host), ConfText(name)) for host, name in self.default.items() if host]
        if self.default:
            default = ConfText(f'"{self.default.get("", "none")}"')
        if by_host:
            default = book.add("pr_default_origin", "$pr_host", by_host, default)
        named = (
            early.value(keys.origin.set_origin, "origin_set", lambda text: quoted(str(text)), default)
            or default
        )
        known = {found.name: found for found in self.upstreams}
        otherwise = known.get("")
        self.alias("pr_origin_named", named)
        self.book.add(
            "pr_upstream",
            "$pr_origin_named",
            [BookLine(key(found.name), found.upstream) for found in self.upstreams],
            otherwise.upstream if otherwise else ConfText("pr_no_origin"),
        )
        self.book.add(
            "pr_once",
            "$pr_origin_named",
            [
                BookLine(key(found.name), ConfText(f"once_{found.upstream}"))
                for found in self.upstreams
                if len(found.servers) == 1
            ],
            ConfText(f"once_{otherwise.upstream}") if otherwise else NONE,
        )
        self.book.add(
            "pr_origin_scheme",
            "$pr_origin_named",
            [BookLine(key(found.name), found.scheme) for found in self.upstreams],
            otherwise.scheme if otherwise else ConfText("http"),
        )
        hosts = [BookLine(key(found.name), quoted(found.host)) for found in self.upstreams if found.host]
        headers = headers_of(early, "request", book, {"host": ConfText("$pr_http_host")}, "$http_")
        self.request_headers = headers
        host = ConfText("$pr_http_host")
        for header in list(headers.plain):
            if header.name == "host":
                headers.plain.remove(header)
                host = header.value
        self.alias("pr_origin_host_set", host)
        self.book.add("pr_origin_host", "$pr_origin_named", hosts, ConfText("$pr_origin_host_set"))
        self.book.add(
            "pr_origin_name",
            "$pr_origin_named",
            [BookLine(key(found.name), quoted(found.tls_name)) for found in self.upstreams],
            ConfText("$pr_http_host"),
        )
        self.words["request_headers"] = headers.plain
        self._special()

    def _special(self) -> None:
        """Add which of the edge's own headers are sent."""
        self.book.add(
            "pr_via",
            "$http_via",
            [BookLine(NONE, quoted("1.1 prefetchrouter"))],
            ConfText('"$http_via, 1.1 prefetchrouter"'),
        )
        own = {
            "x-forwarded-for": ("$pr_client", '""'),
            "x-forwarded-proto": ("$pr_scheme", '""'),
            "x-forwarded-host": ("$pr_http_host", '""'),
            "via": ("$pr_via", "$http_via"),
        }
        listed = self.early.value(
            keys.origin.proxy_special_headers,
            "special",
            lambda names: quoted("|".join(["", *map(str.lower, names), ""])),
        )
        for name, (sent, otherwise) in own.items():
            variable = ConfText(sent)
            if listed is not None:
                entries = [BookLine(NONE, variable), BookLine(quoted(f"~\\|{name}\\|"), variable)]
                made = f"pr_sent_{name.rpartition('-')[2]}"
                variable = self.book.add(made, listed, entries, ConfText(otherwise))
            self.words[name.replace("-", "_")] = variable

    def _rule(self) -> None:
        leaves = leaves_of(self.lowered)
        if not leaves:
            self.alias("pr_rule", '""')
            return
        found = self.client.of_leaves(
            "rule", [(leaf, line_of(leaf.source)) for leaf in leaves], lambda text: value(str(text))
        )
        if found != "$pr_rule":
            self.alias("pr_rule", found)
