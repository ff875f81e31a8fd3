"""The `url` section: redirects for the visitor, rewrites for the edge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import model_validator

from prefetchrouter.rules.features.containers import list_of
from prefetchrouter.rules.features.fields import Given, feature, option
from prefetchrouter.rules.features.kinds import Flag, Status, SyntaxWord, Text, UrlText
from prefetchrouter.rules.features.rewrite_checks import check_source
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.features.text import Checked

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules import typed


class UrlRedirect(Section):
    """Another address to which the visitor is sent.

    Example:
        >>> UrlRedirect(code=301, source="/old/:id", destination="/new/:id", syntax="path-to-regexp").code
        301
    """

    code: Given[Status] = option("The status code.")
    source: Given[Text] = option("What the address must fit; without it, every address is redirected.")
    destination: Given[UrlText] = option("The new address; $1 to $9 or :names stand for parts of the source.")
    syntax: Given[SyntaxWord] = option("The language of the source.")

    @model_validator(mode="after")
    def _has_a_sound_source(self) -> Self:
        check_source(self.source, self.syntax)
        return self

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.UrlRedirectDict]) -> None: ...


class UrlRewrite(Section):
    """Another path under which the edge looks a request up.

    Example:
        >>> UrlRewrite(source="/blog/(.*)", destination="/posts/$1", syntax="regexp").destination
        '/posts/$1'
    """

    source: Given[Text] = option("What the path must fit.")
    destination: Given[UrlText] = option("The new path; $1 to $9 or :names stand for parts of the source.")
    syntax: Given[SyntaxWord] = option("The language of the source.")

    @model_validator(mode="after")
    def _has_a_sound_source(self) -> Self:
        check_source(self.source, self.syntax)
        return self

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.UrlRewriteDict]) -> None: ...


Rewrites = Annotated[
    tuple[UrlRewrite, ...], Checked(list_of(UrlRewrite.read), Sequence[UrlRewrite], "list of mappings")
]


class UrlFeatures(Section, section="url"):
    """The features of the `url` section.

    Raises:
        FeatureError: A name is unknown, or a value is not one that the feature takes; all problems together.

    Example:
        >>> UrlFeatures(follow_redirects=True).follow_redirects
        True
    """

    follow_redirects: Given[Flag] = feature("The edge follows an origin's redirect itself.", default=False)
    url_redirect: Given[UrlRedirect] = feature(
        "Sends the visitor to another address.", phase="request", example={"code": 301, "destination": "/new"}
    )
    url_rewrite: Given[Rewrites] = feature(
        "Looks the request up under another path; first of all features.",
        phase="request",
        example=[{"source": "/a/(.*)", "destination": "/b/$1", "syntax": "regexp"}],
    )

    if TYPE_CHECKING:

        def __init__(self, **features: Unpack[typed.UrlDict]) -> None: ...
