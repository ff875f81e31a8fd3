"""Keys: the texts that lead to the values of a decision, each with the type of its value."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Generic, TypeVar

from prefetchrouter.errors import FeatureError
from prefetchrouter.rules.feature_errors import CHECK_ERRORS, problems_in
from prefetchrouter.rules.features.value_checks import header_name, status_key, variable_name

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
        >>> from prefetchrouter.catalog import set_variables
        >>> set_variables, set_variables.entry("tier")
        ('set_variables', 'set_variables.tier')
    """

    __slots__ = ()

    @staticmethod
    def check(name: object) -> str:
        """Return a name as rules spell it; raise if the feature takes no such name."""
        return variable_name(name)

    def entry(self, name: str | int) -> Key[E_co]:
        """Return the key of one name.

        Args:
            name: A name that the feature takes.

        Raises:
            FeatureError: The feature takes no such name.
        """
        return _entry(self, name)


class StatusKey(NamedKey[T_co, E_co]):
    """The key of a feature with one value for each status code.

    Example:
        >>> from prefetchrouter.catalog import caching
        >>> caching.max_age, caching.max_age.entry(404)
        ('caching.max_age', 'caching.max_age.404')
        >>> caching.max_age.entry("always")
        Traceback (most recent call last):
        prefetchrouter.errors.FeatureError: caching.max_age: "always" is not a status code; expected a key \
from "100" to "599" [feature-value]
    """

    __slots__ = ()

    @staticmethod
    def check(name: object) -> str:
        """Return a status code as text."""
        return status_key(name)


class HeaderKey(NamedKey[T_co, E_co]):
    """The key of a feature about headers, whose names are compared without case.

    Example:
        >>> from prefetchrouter.catalog import headers
        >>> headers.set_response_headers.entry("X-Tier")
        'headers.set_response_headers.x-tier'
    """

    __slots__ = ()

    @staticmethod
    def check(name: object) -> str:
        """Return the name of a header in lower case."""
        return header_name(name).lower()


@lru_cache(maxsize=4096)
def _entry(feature: NamedKey[Any, E_co], name: str | int) -> Key[E_co]:
    try:
        return Key(f"{feature}.{feature.check(name)}")
    except CHECK_ERRORS as error:
        raise FeatureError(*(found.inside(feature) for _, found in problems_in(error))) from None
