"""The `url` section: redirects for the visitor, rewrites for the edge."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from prefetchrouter.rules.features.containers import list_of
from prefetchrouter.rules.features.fields import Given, feature
from prefetchrouter.rules.features.kinds import Flag
from prefetchrouter.rules.features.redirects import UrlRedirect, UrlRewrite
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.features.value_checks import Checked

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import sections as typed


Rewrites = Annotated[
    tuple[UrlRewrite, ...], Checked(list_of(UrlRewrite.read), Sequence[UrlRewrite], "list of mappings")
]


class UrlFeatures(Section, section="url", example='{"follow_redirects": True}'):
    """The features of the `url` section.

    Raises:
        FeatureError: A name is unknown, or a value is not one that the feature takes; all problems together.

    Example:
        >>> UrlFeatures(follow_redirects=True).follow_redirects
        True
    """

    follow_redirects: Given[Flag] = feature("The edge follows an origin's redirect itself.", default=False)
    url_redirect: Given[UrlRedirect] = feature(
        "Redirects the visitor to another URL.", phase="request", example={"code": 301, "destination": "/new"}
    )
    url_rewrite: Given[Rewrites] = feature(
        "Rewrites the path of the request, before all other features.",
        phase="request",
        example=[{"source": "/a/(.*)", "destination": "/b/$1", "syntax": "regexp"}],
    )

    if TYPE_CHECKING:

        def __init__(self, **features: Unpack[typed.UrlDict]) -> None: ...
