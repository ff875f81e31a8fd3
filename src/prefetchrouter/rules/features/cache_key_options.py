"""Cache keys: the options of `caching.cache_key` and of its two older siblings."""

from typing import TYPE_CHECKING, Annotated, Literal

from prefetchrouter.rules.feature_errors import problem
from prefetchrouter.rules.features.fields import Given, option
from prefetchrouter.rules.features.kinds import (
    Flag,
    SomeHeaderNames,
    SomeLines,
    SomeTexts,
    Text,
    Texts,
    UrlText,
)
from prefetchrouter.rules.features.rewrite_sources import check_source
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.features.value_checks import Checked, literal_true

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import options as typed

_QUERY_OPTIONS = (
    "include_all_query_params",
    "exclude_all_query_params",
    "include_query_params",
    "include_all_query_params_except",
)


OWN_OPTIONS = ("sort_query_params", "ignore_query_case")
"""Options that the published schema of rules does not have."""

OnlyTrue = Annotated[Literal[True], Checked(literal_true, Literal[True], "true")]


class CacheKeyOptions(Section, example='{"include_query_params": ["page"]}'):
    """The parts of a request that its stored response depends on: the cache key (RFC 9111, section 2).

    Raises:
        FeatureError: Two of the four query options are given, a list is empty, or a value is wrong.

    Example:
        >>> CacheKeyOptions(include_query_params=["page"]).include_query_params
        ('page',)
    """

    include_all_query_params: Given[Flag] = option("Every query parameter counts.")
    exclude_all_query_params: Given[Flag] = option("No query parameter counts.")
    include_query_params: Given[SomeTexts] = option("Only these query parameters count.")
    include_all_query_params_except: Given[SomeTexts] = option("All query parameters but these count.")
    include_headers: Given[SomeHeaderNames] = option("These request headers count, where a request has them.")
    include_cookies: Given[SomeHeaderNames] = option("These cookies count, where a request has them.")
    include_expressions: Given[SomeLines] = option("Text with variables, put into the key as it comes out.")
    include_hostname: Given[OnlyTrue] = option("The host name counts.")
    sort_query_params: Given[Flag] = option(
        "The order of query parameters does not count; that of parameters of one name does."
    )
    ignore_query_case: Given[Flag] = option("Capital and small letters in the query are the same.")

    def check_together(self) -> None:
        """Refuse query options that contradict one another."""
        given = [name for name in _QUERY_OPTIONS if getattr(self, name)]
        if len(given) > 1:
            raise problem(f"{' and '.join(given)} exclude one another", expected="one query option at most")

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.CacheKeyOptionsDict]) -> None: ...


class CacheKeyQueryString(Section, example='{"include": ["page"]}'):
    """The query parameters in the cache key; `CacheKeyOptions` can say the same and more.

    Example:
        >>> CacheKeyQueryString(include_all_except=["utm_source"]).include_all_except
        ('utm_source',)
    """

    include_all: Given[Flag] = option("Every query parameter counts.")
    exclude_all: Given[Flag] = option("No query parameter counts.")
    include: Given[Texts] = option("Only these query parameters count.")
    include_all_except: Given[Texts] = option("All query parameters but these count.")

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.CacheKeyQueryStringDict]) -> None: ...


class CacheKeyRewrite(Section, example='{"source": "/img/(.*)", "destination": "/$1"}'):
    """A regular expression that rewrites the path and query of a cache key.

    Example:
        >>> CacheKeyRewrite(source="/img/(.*)", destination="/$1").destination
        '/$1'
    """

    source: Given[Text] = option("A regular expression, matched after the host name.")
    destination: Given[UrlText] = option("The new text; $1 to $9 are the groups of the source.")

    def check_together(self) -> None:
        """Refuse a source that is not a regular expression of edges."""
        check_source(self.source, "regexp")

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.CacheKeyRewriteDict]) -> None: ...
