"""The options of redirects and rewrites: source and destination."""

from typing import TYPE_CHECKING

from prefetchrouter.rules.features.fields import Given, option
from prefetchrouter.rules.features.kinds import Status, SyntaxWord, Text, UrlText
from prefetchrouter.rules.features.rewrite_sources import check_source
from prefetchrouter.rules.features.section import Section

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import options as typed


class UrlRedirect(Section, example='{"code": 301, "destination": "/new"}'):
    """Another address to which the visitor is sent.

    Example:
        >>> UrlRedirect(code=301, source="/old/:id", destination="/new/:id", syntax="path-to-regexp").code
        301
    """

    code: Given[Status] = option("The status code.")
    source: Given[Text] = option("What the URL must match; without it, every URL is redirected.")
    destination: Given[UrlText] = option("The new address; $1 to $9 or :names stand for parts of the source.")
    syntax: Given[SyntaxWord] = option("The language of the source.")

    def check_together(self) -> None:
        """Refuse a source that is not one of its syntax."""
        check_source(self.source, self.syntax)

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.UrlRedirectDict]) -> None: ...


class UrlRewrite(Section, example='{"source": "/a/(.*)", "destination": "/b/$1", "syntax": "regexp"}'):
    """Another path under which the edge looks a request up.

    Example:
        >>> UrlRewrite(source="/blog/(.*)", destination="/posts/$1", syntax="regexp").destination
        '/posts/$1'
    """

    source: Given[Text] = option("What the path must match.")
    destination: Given[UrlText] = option("The new path; $1 to $9 or :names stand for parts of the source.")
    syntax: Given[SyntaxWord] = option("The language of the source.")

    def check_together(self) -> None:
        """Refuse a source that is not one of its syntax."""
        check_source(self.source, self.syntax)

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.UrlRewriteDict]) -> None: ...
