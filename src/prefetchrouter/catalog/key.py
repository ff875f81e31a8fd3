"""Keys: the texts that lead to the values of a decision, each with the type of its value."""

from __future__ import annotations

from functools import lru_cache
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)
E_co = TypeVar("E_co", covariant=True)


class Key(str, Generic[T_co]):
    """The key of a value, such as ``"caching.bypass_cache"``: text, of which type checkers know the value.

    Keys are written once, in `prefetchrouter.catalog.keys`; nothing else makes one of a feature.

    Example:
        >>> from prefetchrouter.catalog import caching
        >>> caching.bypass_cache
        'caching.bypass_cache'
    """

    __slots__ = ()


class NamedKey(Key[T_co], Generic[T_co, E_co]):
    """The key of a feature whose values are merged name by name: one key for all, and one for each name.

    Example:
        >>> from prefetchrouter.catalog import caching
        >>> caching.max_age, caching.max_age.entry(404)
        ('caching.max_age', 'caching.max_age.404')
    """

    __slots__ = ()

    def entry(self, name: str | int) -> Key[E_co]:
        """Return the key of one name.

        Args:
            name: A status code, or the name of a variable.
        """
        return _entry(self, name)


class HeaderKey(NamedKey[T_co, E_co]):
    """The key of a feature about headers, whose names are compared without case.

    Example:
        >>> from prefetchrouter.catalog import headers
        >>> headers.set_response_headers.entry("X-Tier")
        'headers.set_response_headers.x-tier'
    """

    __slots__ = ()

    def entry(self, name: str | int) -> Key[E_co]:
        """Return the key of one header.

        Args:
            name: The header's name, in any case.
        """
        return _entry(self, str(name).lower())


@lru_cache(maxsize=4096)
def _entry(feature: str, name: str | int) -> Key[E_co]:
    return Key(f"{feature}.{name}")
