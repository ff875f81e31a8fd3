"""What pages request of the browser part: scripts, service worker and manifest, with the headers of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prefetchrouter.browser.files import browser_files, is_immutable
from prefetchrouter.browser.names import NAMES
from prefetchrouter.browser_view import Filtered
from prefetchrouter.rules.property_settings import keeps_encoded_slashes
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.speculation import announces, rules_text, speculations_of
from prefetchrouter.targets.manifest_text import render, script_json
from prefetchrouter.targets.page_navigation import PageNavigation
from prefetchrouter.targets.page_rules import page_rules
from prefetchrouter.version import VERSION

if TYPE_CHECKING:
    from prefetchrouter.rules.property import Property

JAVASCRIPT: Final = "text/javascript; charset=utf-8"
JSON: Final = "application/json"
SPECULATION_RULES: Final = "application/speculationrules+json"
"""The media type of Speculation Rules, without which browsers ignore them."""

NO_NAVIGATION: Final = PageNavigation()


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file that an edge serves itself.

    They are validated on each use, so that changed rules take effect at once, unless their path is one of
    which the text never changes.

    Args:
        text: Its content.
        is_immutable: Whether its path has the version or a hash of its text.
        media_type: Its ``Content-Type``.

    Example:
        >>> SiteFile("a").headers["etag"], SiteFile("a", is_immutable=True).headers["cache-control"]
        ('"ca978112ca1bbdcafac2"', 'public, max-age=31536000, immutable')
    """

    text: str
    is_immutable: bool = False
    media_type: str = JAVASCRIPT

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a 200 with it; a 304 has the first two."""
        return {
            "cache-control": "public, max-age=31536000, immutable" if self.is_immutable else "no-cache",
            "etag": f'"{hashlib.sha256(self.text.encode()).hexdigest()[:20]}"',
            "content-type": self.media_type,
            "x-content-type-options": "nosniff",
            # By these, pages find out whether the browser's cache follows it.
            **({"no-vary-search": "params"} if self.is_immutable else {}),
        }


def site_files(
    filtered: Iterable[Filtered], property: Property | None, navigation: PageNavigation = NO_NAVIGATION
) -> dict[str, SiteFile]:
    """Return the files that pages request, by their paths.

    Args:
        filtered: For each rule, what browsers see of it.
        property: The settings around the rules.
        navigation: Where visitors go next.

    Example:
        >>> "/__edgio__/cache-manifest.js" in site_files((), None)
        True
    """
    filtered = tuple(filtered)
    listed = [found.listed for found in filtered if found.listed is not None]
    manifest = render(listed, keeps_slashes=keeps_encoded_slashes(property))
    texts = site_texts(listed, manifest, property, navigation)
    files = {
        path: SiteFile(text, is_immutable(path), JSON if path.endswith(".json") else JAVASCRIPT)
        for path, text in texts.items()
    }
    rules = RuleSet(rules=tuple(found.rule for found in filtered), property=property)
    if announces(rules):
        text = rules_text(speculations_of(rules, navigation.likely).found)
        files[NAMES.speculation_path] = SiteFile(text, media_type=SPECULATION_RULES)
    return files


def site_texts(
    listed: Iterable[Rule],
    manifest: str,
    property: Property | None,
    navigation: PageNavigation = NO_NAVIGATION,
) -> dict[str, str]:
    """Return the text of each file that pages request, by its path, in order of path.

    The install script begins with the rules, and the service worker with the paths for which browsers have to
    start it.

    Args:
        listed: What the manifest lists of the rules.
        manifest: The text of the manifest.
        property: The settings around the rules.
        navigation: Where visitors go next.

    Example:
        >>> site_texts([], "", None)["/__edgio__service_worker_v0.1.0.js"].partition(";")[0]
        'self.__EDGIO_PREFETCH_PATHS__=[]'
    """
    rules = list(listed)
    front = navigation.statement + page_rules(rules, property)
    texts = {**browser_files(front), **navigation.files, NAMES.manifest_path: manifest}
    # Most builds make no site, and load nothing that evaluates rules.
    from prefetchrouter.browser_view.static_routes import static_routes

    worker = NAMES.worker_path.format(version=VERSION)
    texts[worker] = f"self.{NAMES.routes_global}={script_json(static_routes(rules))};\n{texts[worker]}"
    return dict(sorted(texts.items()))
