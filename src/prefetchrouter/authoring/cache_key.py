"""`CacheKey`: the cache key of the responses of one URL."""

from __future__ import annotations

import re
from typing import Any, Self

from prefetchrouter.authoring.arguments import helper_error
from prefetchrouter.browser.names import OWN_PARAMETERS
from prefetchrouter.errors import shown

_EXPRESSIONS = {
    "device": "/device:smartphone_%{wurfl_vcap_is_smartphone}_tablet_%{wurfl_cap_is_tablet}"
    "_desktop_%{wurfl_vcap_is_full_desktop}",
    "bot": "/bot:%{wurfl_vcap_is_robot}",
    "vendor": "/vendor:ios_%{wurfl_vcap_is_ios}_adndroid_%{wurfl_vcap_is_android}",
    "browser": "/browser:%{wurfl_cap_mobile_browser}",
}


_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")


class CacheKey:
    """A cache key, described step by step; give it to ``route.cache(key=...)``.

    Example:
        >>> CacheKey().add_header("accept-language").options()
        {'include_headers': ['accept-language']}
    """

    def __init__(self) -> None:
        self._options: dict[str, Any] = {}
        self._expressions: set[str] = set()
        self._further: list[str] = []
        self._is_text = False

    def exclude_all_query_parameters(self) -> Self:
        """Store one response for all query strings."""
        self._options["exclude_all_query_params"] = True
        return self

    def exclude_query_parameters(self, *names: str) -> Self:
        """Leave these query parameters out of the key, keep all others.

        Args:
            names: Their names; ``*`` stands for any text, as in ``"utm_*"`` or ``"*_id"``.

        Raises:
            HelperError: A name with ``*`` has other characters than letters, digits, ``_``, ``-`` and ``.``.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> key = CacheKey().exclude_query_parameters("utm_*", "gclid")
            >>> router = Router().match("/:path*", lambda route: route.cache(key=key))
            >>> urls = ["/a?page=2", "/a?utm_id=7&page=2&utm_source=x&gclid=1"]
            >>> len({evaluate(router, Request(url)).cache_key for url in urls})
            1
        """
        if not any(_is_wild(name) for name in names):
            self._options["include_all_query_params_except"] = list(names)
            return self
        # No feature knows patterns. The query is left out, and comes back as text without the parameters; the
        # visitor's path comes with it, since a rewrite may have moved a part of the path into the query.
        self._options["exclude_all_query_params"] = True
        self._is_text = True
        self._further.append(f"%{{uri}}?%{{query_string//{_dropping(names)}/$1}}")
        return self

    def exclude_all_query_parameters_except(self, *names: str) -> Self:
        """Keep only these query parameters in the key."""
        self._options["include_query_params"] = list(names)
        return self

    def add_header(self, name: str) -> Self:
        """Store one response for each value of a request header."""
        self._options.setdefault("include_headers", []).append(name)
        return self

    def add_header_value(self, name: str, *values: str) -> Self:
        """Store one response for each of these values of a request header, and one for all others.

        The origin must make the same distinction, and no finer one.

        Args:
            name: The header.
            values: Its values.

        Raises:
            HelperError: A name or value is not plain text.

        Example:
            >>> CacheKey().add_header_value("x-theme", "dark", "light").options()
            {'include_expressions': ['/x-theme:%{http_x_theme/=(?i)^(dark|light)$/$1}']}
        """
        self._bucket(name, values, "$")
        return self

    def add_language(self, *languages: str) -> Self:
        """Store one response for each of these languages, and one for all others.

        What counts is the first entry of ``accept-language`` (RFC 9110, section 12.5.4), which browsers send
        in order of preference. The origin must choose by it too, and from these languages only.

        Args:
            languages: Languages such as ``"de"``, which stands for ``de-AT`` too.

        Raises:
            HelperError: One of them is not a language.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> key = CacheKey().add_language("de", "fr")
            >>> router = Router().match("/:path*", lambda route: route.cache(key=key))
            >>> evaluate(router, Request("/a", headers={"accept-language": "de-AT,en"})).cache_key[1]
            'expression /accept-language:de'
        """
        self._bucket("accept-language", languages, "(?:[-,; ]|$)")
        return self

    def _bucket(self, name: str, values: tuple[str, ...], end: str) -> None:
        if not _is_plain(name) or not re.fullmatch(r"[A-Za-z0-9-]+", name):
            raise helper_error(f"cache key: {shown(name)} is not a header", expected="letters, digits and -")
        wrong = [value for value in values if not _is_plain(value)]
        if wrong or not values:
            raise helper_error(
                f"cache key: {shown(wrong[0]) if wrong else 'no value'} for {name}",
                expected="values of letters, digits, _, - and .",
            )
        choices = "|".join(value.replace(".", "[.]") for value in values)
        variable = f"http_{name.lower().replace('-', '_')}"
        self._further.append(f"/{name.lower()}:%{{{variable}/=(?i)^({choices}){end}/$1}}")

    def ignore_query_case(self) -> Self:
        """Make one stored response serve a query in capital and in small letters.

        The origin must ignore their difference as well.

        Example:
            >>> CacheKey().ignore_query_case().options()
            {'ignore_query_case': True}
        """
        self._options["ignore_query_case"] = True
        return self

    def sort_query_parameters(self) -> Self:
        """Make one stored response serve the parameters of a query in any order.

        Parameters of one name stay in their order: for many origins the first of them counts, or the last.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> key = CacheKey().sort_query_parameters()
            >>> router = Router().match("/:path*", lambda route: route.cache(key=key))
            >>> len({evaluate(router, Request(url)).cache_key for url in ("/a?b=1&c=2", "/a?c=2&b=1")})
            1
        """
        self._options["sort_query_params"] = True
        return self

    def add_cookie(self, name: str) -> Self:
        """Store one response for each value of a cookie.

        With ``*`` in its name one for each text of all cookies with such names, in the order of the request.

        Args:
            name: The name; ``*`` stands for any text, as in ``"exp_*"``.

        Raises:
            HelperError: A name with ``*`` has other characters than letters, digits, ``_``, ``-`` and ``.``.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> router = Router().match("/a", lambda route: route.cache(key=CacheKey().add_cookie("exp_*")))
            >>> evaluate(router, Request("/a", headers={"cookie": "exp_a=1; id=7; exp_b=2"})).cache_key[1]
            'expression /cookies:exp_a=1; exp_b=2'
        """
        if not _is_wild(name):
            self._options.setdefault("include_cookies", []).append(name)
            return self
        wild = _wild_regex(name, "[^=;]*", "a cookie")
        # Each cookie is replaced by itself or by nothing. What separates it stays, so that no value can pass
        # for two cookies.
        self._further.append(f"/cookies:%{{http_cookie//((?:^|; *){wild}=[^;]*)|^[^;]+|;[^;]*/$1}}")
        return self

    def add_device(self) -> Self:
        """Store one response each for smartphones, tablets and desktops."""
        self._expressions.add("device")
        return self

    def add_is_bot(self) -> Self:
        """Store one response for automated clients, one for people."""
        self._expressions.add("bot")
        return self

    def add_vendor(self) -> Self:
        """Store one response each for iOS, Android and the rest."""
        self._expressions.add("vendor")
        return self

    def add_browser(self) -> Self:
        """Store one response for each browser."""
        self._expressions.add("browser")
        return self

    def options(self) -> dict[str, Any]:
        """Return the value of the feature ``caching.cache_key``; empty when no part was chosen."""
        options = {
            key: list(value) if isinstance(value, list) else value for key, value in self._options.items()
        }
        if self._is_text and ("sort_query_params" in options or "ignore_query_case" in options):
            raise helper_error(
                'cache key: a query without "utm_*" is compared as text, neither sorted nor in small letters',
                hint="name the parameters, without *",
            )
        chosen = [text for name, text in _EXPRESSIONS.items() if name in self._expressions]
        if chosen or self._further:
            options["include_expressions"] = [*chosen, *self._further]
        return options


def _dropping(names: tuple[str, ...]) -> str:
    """Return the expression that finds runs of parameters, whose groups are what stays of them.

    A parameter with a semicolon is not dropped: some origins find a second one in it.
    """
    choices: list[str] = [f"{OWN_PARAMETERS}[^&;]*"]
    choices += (f"{_wild_regex(name, '[^=&;]*', 'a parameter')}(?:=[^&;]*)?" for name in names)
    one = f"(?:{'|'.join(choices)})"
    return f"^(?:{one}(?:&|$))+|(?:&{one})+(&|$)"


def _wild_regex(name: object, any_text: str, what: str) -> str:
    """Return the expression of a name in which ``*`` stands for any text."""
    parts = name.split("*") if isinstance(name, str) else [name]
    if not any(parts) or not all(part == "" or _is_plain(part) for part in parts):
        raise helper_error(
            f"cache key: {shown(name)} is not the name of {what}",
            expected='a name of letters, digits, _, - and ., with * for any text, as in "utm_*"',
        )
    return any_text.join(str(part).replace(".", "[.]") for part in parts)


def _is_wild(name: object) -> bool:
    return isinstance(name, str) and "*" in name


def _is_plain(value: object) -> bool:
    return isinstance(value, str) and _PLAIN.fullmatch(value) is not None
