"""`CacheKey`: the cache key of the responses of one URL."""

from __future__ import annotations

from typing import Any, Self

_EXPRESSIONS = {
    "device": "/device:smartphone_%{wurfl_vcap_is_smartphone}_tablet_%{wurfl_cap_is_tablet}"
    "_desktop_%{wurfl_vcap_is_full_desktop}",
    "bot": "/bot:%{wurfl_vcap_is_robot}",
    "vendor": "/vendor:ios_%{wurfl_vcap_is_ios}_adndroid_%{wurfl_vcap_is_android}",
    "browser": "/browser:%{wurfl_cap_mobile_browser}",
}


class CacheKey:
    """A cache key, described step by step; give it to ``route.cache(key=...)``.

    Example:
        >>> CacheKey().add_header("accept-language").options()
        {'include_headers': ['accept-language']}
    """

    def __init__(self) -> None:
        self._options: dict[str, Any] = {}
        self._expressions: set[str] = set()

    def exclude_all_query_parameters(self) -> Self:
        """Make one copy serve every query string."""
        self._options["exclude_all_query_params"] = True
        return self

    def exclude_query_parameters(self, *names: str) -> Self:
        """Leave these query parameters out of the key, keep all others."""
        self._options["include_all_query_params_except"] = list(names)
        return self

    def exclude_all_query_parameters_except(self, *names: str) -> Self:
        """Keep only these query parameters in the key."""
        self._options["include_query_params"] = list(names)
        return self

    def add_header(self, name: str) -> Self:
        """Keep one copy for each value of a request header."""
        self._options.setdefault("include_headers", []).append(name)
        return self

    def add_cookie(self, name: str) -> Self:
        """Keep one copy for each value of a cookie."""
        self._options.setdefault("include_cookies", []).append(name)
        return self

    def add_device(self) -> Self:
        """Keep one copy each for smartphones, tablets and desktops."""
        self._expressions.add("device")
        return self

    def add_is_bot(self) -> Self:
        """Keep one copy for automated clients, one for people."""
        self._expressions.add("bot")
        return self

    def add_vendor(self) -> Self:
        """Keep one copy each for iOS, Android and the rest."""
        self._expressions.add("vendor")
        return self

    def add_browser(self) -> Self:
        """Keep one copy for each browser."""
        self._expressions.add("browser")
        return self

    def options(self) -> dict[str, Any]:
        """Return the value of the feature ``caching.cache_key``; empty when no part was chosen."""
        options = {
            key: list(value) if isinstance(value, list) else value for key, value in self._options.items()
        }
        if self._expressions:
            options["include_expressions"] = [
                text for name, text in _EXPRESSIONS.items() if name in self._expressions
            ]
        return options
