"""The options of `serve`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from prefetchrouter.edge.limits import Limits
from prefetchrouter.rules.typed_property import UnsupportedConditions
from prefetchrouter.targets.page_navigation import PageNavigation

if TYPE_CHECKING:
    from prefetchrouter.navigation import Navigation
    from prefetchrouter.rules.rule_set import RuleSet

EXAMPLE_SITE = Path(__file__).parents[2] / "example_site"
"""The folder of the example shop."""

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """The options of `serve`: what is served, where, and how rules see requests.

    Args:
        routes: The routes file.
        origins: URLs and folders by the names of origins; the default for all under ``""``.
        listen: The address or name to listen on.
        port: The port; 0 for any free one.
        https: Whether to use HTTPS, by default with a certificate made for this machine.
        certificate: A certificate, in PEM.
        key: Its private key; None if it is in the same file.
        scheme: The scheme that rules see.
        host: The host that rules see instead of localhost; default: the first of the property.
        aliases: Further names of the site, in lower case, mapped to that host.
        facts: Facts about each visitor, such as ``{"location.country": "DE"}``.
        without: Features that the edge may leave out.
        limits: Limits of memory, connections and time.
        cache_status: Whether responses carry Cache-Status; ``"debug"`` adds cache key and rule.
        allow_slow_regexes: Whether rules may have regular expressions that could block the server.
        pages: Whether the edge's pages are served, on the loopback interface only.
        pages_port: Their port; by default the one after `port`, or any free one.
        access_log: The file of the access log; None for none.
        access_log_format: ``"combined"`` or ``"json"``.
        beacons: The file of beacons of page views, as lines of JSON; None for none.
        beacon_path: The path that pages send them to.
        navigation: What was learned of where visitors go next; None without it.
        inject: Whether pages for browsers on this machine get the script tag.
        warm: Whether a page is fetched when a browser on this machine prefetches it and it is not stored.
        quiet: Whether requests are not printed.
        reload: Whether changed rules take effect at once.
        form: The format of the output: ``"text"`` or ``"json"``.
        debug: Whether the traceback of an error in the routes file is printed.
        strict: Whether warnings about the rules are errors.
        unsupported_conditions: Overrides the setting of the property.
    """

    routes: str = "routes.py"
    origins: Mapping[str, str] = field(default_factory=dict)
    listen: str = "127.0.0.1"
    port: int = 8080
    https: bool = False
    certificate: Path | None = None
    key: Path | None = None
    scheme: Literal["http", "https"] = "https"
    host: str | None = None
    aliases: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    cache_status: Literal["on", "debug", "off"] = "on"
    allow_slow_regexes: bool = False
    pages: bool = False
    pages_port: int | None = None
    access_log: Path | None = None
    access_log_format: Literal["combined", "json"] = "combined"
    beacons: Path | None = None
    beacon_path: str = "/__edgio__/view"
    navigation: Navigation | None = None
    inject: bool = False
    warm: bool = False
    quiet: bool = False
    reload: bool = True
    form: Literal["text", "json"] = "text"
    debug: bool = False
    strict: bool = False
    unsupported_conditions: UnsupportedConditions | None = None

    def page_navigation(self, rules: RuleSet) -> PageNavigation:
        """Return what pages get to know of where visitors go next; nothing if nothing was learned.

        Args:
            rules: The rules that are in force.
        """
        if self.navigation is None:
            return PageNavigation()
        from prefetchrouter.navigation import for_pages

        return for_pages(self.navigation, rules)

    def address(self, port: int) -> str:
        """Return the URL of the edge for browsers on this machine; by name, since browsers trust localhost.

        Args:
            port: The port it listens on.

        Example:
            >>> ServeSettings().address(8080), ServeSettings(listen="192.0.2.7", https=True).address(443)
            ('http://localhost:8080', 'https://192.0.2.7')
        """
        scheme, usual = ("https", 443) if self.https else ("http", 80)
        host = "localhost" if self.listen in _THIS_MACHINE else self.listen
        host = f"[{host}]" if ":" in host else host
        return f"{scheme}://{host}" if port == usual else f"{scheme}://{host}:{port}"
