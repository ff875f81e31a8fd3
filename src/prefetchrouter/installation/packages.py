"""What each extra of this package needs, and what is installed of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import PurePath
from typing import Final

NAME: Final = "prefetchrouter"
BASE: Final = ""
"""The name of the packages that are always needed, among those of extras."""


@dataclass(frozen=True, slots=True)
class Package:
    """A Python package that this one needs.

    Args:
        name: Its name on the package index.
        extra: The extra that needs it; `BASE` for each command.
        wanted: The versions that are needed, such as ``">=2.11"``; empty for any.
        version: The installed version, None if it is not installed.
        is_right: Whether that version is one of those that are needed.
    """

    name: str
    extra: str
    wanted: str
    version: str | None
    is_right: bool

    @property
    def lack(self) -> str | None:
        """What is missing, in words, or None.

        Example:
            >>> Package("duckdb", "learn", ">=1.3", "1.2", is_right=False).lack
            'duckdb>=1.3 (1.2 is installed)'
        """
        if self.is_right:
            return None
        return f"{self.name}{self.wanted}" + (f" ({self.version} is installed)" if self.version else "")


def needed_packages(requirements: Iterable[str] | None = None) -> tuple[Package, ...]:
    """Return what this package needs on this platform, for itself and for each of its extras.

    Args:
        requirements: Requirements as metadata has them; None for those of the installed package.

    Example:
        >>> [found] = needed_packages(['no-such-package>=1; extra == "learn"'])
        >>> found.extra, found.lack
        ('learn', 'no-such-package>=1')
    """
    from packaging.requirements import Requirement

    wanted = [*map(Requirement, _own_requirements() if requirements is None else requirements)]
    extras = sorted({extra for found in wanted for extra in _extras_of(str(found.marker or ""))})
    return tuple(
        _package(found.name, extra, str(found.specifier))
        for extra in (BASE, *extras)
        for found in wanted
        if _is_for(found, extra)
    )


def installing(extra: str) -> str:
    """Return the command that installs this package with an extra, by the program that installed it.

    Example:
        >>> installing("serve").endswith('"prefetchrouter[serve]"')
        True
    """
    parts = PurePath(sys.prefix).parts
    wanted = f'"{NAME}[{extra}]"' if extra else NAME
    if "pipx" in parts:
        return f"pipx install --force {wanted}"
    if any(part.startswith("archive-v") for part in parts):  # the cache that uvx runs from
        return f"uvx --from {wanted} {NAME}"
    if "uv" in parts and "tools" in parts:
        return f"uv tool install {wanted}"
    own = _distribution()
    installer = (own.read_text("INSTALLER") or "").strip() if own else ""
    return f"uv pip install {wanted}" if installer == "uv" else f"pip install {wanted}"


def _distribution() -> Distribution | None:
    try:
        return distribution(NAME)
    except PackageNotFoundError:  # a folder on PYTHONPATH
        return None


def _own_requirements() -> list[str]:
    own = _distribution()
    return list(own.requires or ()) if own else []


def _extras_of(marker: str) -> list[str]:
    """Return the extras that a marker names: ``extra == "serve"`` is how metadata writes them."""
    words = marker.replace("'", '"').split('"')
    return [
        name for before, name in zip(words[::2], words[1::2], strict=False) if before.endswith("extra == ")
    ]


def _is_for(requirement: object, extra: str) -> bool:
    from packaging.requirements import Requirement

    assert isinstance(requirement, Requirement)
    if requirement.marker is None:
        return extra == BASE
    is_named = bool(_extras_of(str(requirement.marker)))
    return is_named == (extra != BASE) and requirement.marker.evaluate({"extra": extra})


def _package(name: str, extra: str, wanted: str) -> Package:
    from packaging.specifiers import SpecifierSet

    try:
        version = distribution(name).version
    except PackageNotFoundError:
        return Package(name, extra, wanted, None, is_right=False)
    is_right = SpecifierSet(wanted).contains(version, prereleases=True)
    return Package(name, extra, wanted, version, is_right)
