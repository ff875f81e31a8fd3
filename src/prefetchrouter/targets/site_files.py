"""What pages request of the browser part: scripts, service worker and manifest, with the headers of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from prefetchrouter.browser.files import browser_files
from prefetchrouter.browser.names import NAMES
from prefetchrouter.browser_view import Filtered
from prefetchrouter.rules.property import Property, keeps_encoded_slashes
from prefetchrouter.targets.manifest_text import render


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file that an edge serves itself.

    They are validated on each use, so that a changed manifest takes effect at once.

    Args:
        text: Its content.

    Example:
        >>> SiteFile("a").headers["etag"]
        '"ca978112ca1bbdcafac2"'
    """

    text: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a 200 with it; a 304 has the first two."""
        return {
            "cache-control": "no-cache",
            "etag": f'"{hashlib.sha256(self.text.encode()).hexdigest()[:20]}"',
            "content-type": "text/javascript; charset=utf-8",
            "x-content-type-options": "nosniff",
        }


def site_files(filtered: Iterable[Filtered], property: Property | None) -> dict[str, SiteFile]:
    """Return the files that pages request, by their paths.

    Args:
        filtered: For each rule, what browsers see of it.
        property: The settings around the rules.

    Example:
        >>> "/__edgio__/cache-manifest.js" in site_files((), None)
        True
    """
    listed = [found.listed for found in filtered if found.listed is not None]
    manifest = render(listed, keeps_slashes=keeps_encoded_slashes(property))
    texts = {**browser_files(), NAMES.manifest_path: manifest}
    return {path: SiteFile(text) for path, text in sorted(texts.items())}
