"""The `origin` section: which origin answers, and how the edge talks to it."""

from typing import TYPE_CHECKING

from prefetchrouter.rules.features.fields import Given, feature
from prefetchrouter.rules.features.kinds import Natural, Number, SomeText, Statuses, TokenNames
from prefetchrouter.rules.features.section import Section

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import sections as typed


class OriginFeatures(Section, section="origin", example='{"set_origin": "web"}'):
    """The features of the `origin` section.

    Raises:
        FeatureError: A name is unknown, or a value is not one that the feature takes; all problems together.

    Example:
        >>> OriginFeatures(set_origin="web").set_origin
        'web'
    """

    max_keep_alive_requests: Given[Natural] = feature(
        "How many requests one kept-alive connection carries.", default=10000, phase="request", example=1000
    )
    origin_failover_codes: Given[Statuses] = feature(
        "The status codes after which another origin is tried.", phase="request", example=[502, 503]
    )
    proxy_special_headers: Given[TokenNames] = feature(
        "Of the request headers that the edge adds, the ones that the origin gets.",
        phase="request",
        example=["x-forwarded-for"],
    )
    read_idle_timeout: Given[Number] = feature(
        "Seconds of silence after which a connection is closed.", phase="request", example=30
    )
    set_origin: Given[SomeText] = feature(
        "The name of the origin for requests that are not answered from the cache.",
        phase="request",
        example="web",
        elsewhere=("proxy", "backend", "upstream", "origin_name", "name"),
    )

    if TYPE_CHECKING:

        def __init__(self, **features: Unpack[typed.OriginDict]) -> None: ...
