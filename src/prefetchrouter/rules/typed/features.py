"""What features look like as mappings, for editors and type checkers.

Made by `scripts/make_typed_dicts.py` from the models in `prefetchrouter.rules.features`; change those.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from prefetchrouter.rules.features.access import AccessFeatures
    from prefetchrouter.rules.features.caching import CachingFeatures
    from prefetchrouter.rules.features.client import ClientFeatures, Mtls, Nel
    from prefetchrouter.rules.features.headers import HeadersFeatures
    from prefetchrouter.rules.features.logs import LogsFeatures
    from prefetchrouter.rules.features.origin import OriginFeatures
    from prefetchrouter.rules.features.response import ResponseFeatures
    from prefetchrouter.rules.features.speculation import SpeculationFeatures
    from prefetchrouter.rules.features.url import UrlFeatures
    from prefetchrouter.rules.typed.sections import (
        AccessDict,
        CachingDict,
        ClientDict,
        HeadersDict,
        LogsDict,
        MtlsDict,
        NelDict,
        OriginDict,
        ResponseDict,
        SpeculationDict,
        UrlDict,
    )


class FeaturesDict(TypedDict, total=False):
    """The keys of `Features`, to annotate a mapping."""

    access: AccessDict | AccessFeatures
    """Who gets a response at all."""
    caching: CachingDict | CachingFeatures
    """What is stored, for how long, and when it may be used."""
    client: ClientDict | ClientFeatures
    """How browsers connect."""
    headers: HeadersDict | HeadersFeatures
    """Headers added, set and removed."""
    logs: LogsDict | LogsFeatures
    """What the access logs say."""
    mtls: MtlsDict | Mtls
    """Certificates of visitors."""
    nel: NelDict | Nel
    """Network Error Logging."""
    origin: OriginDict | OriginFeatures
    """Which origin gets the request."""
    response: ResponseDict | ResponseFeatures
    """Responses made, changed or compressed at the edge."""
    speculation: SpeculationDict | SpeculationFeatures
    """What browsers prefetch and render by themselves."""
    url: UrlDict | UrlFeatures
    """Redirects and rewrites."""
    comment: str
    """A note for people, up to 2000 characters."""
    edge_function: str | Mapping[str, Any]
    """The file of a JavaScript function that the edge runs."""
    set_variables: Mapping[str, str]
    """Named values for edge functions and custom logic."""


class FeatureKeywords(TypedDict, total=False):
    """The same as keywords: what is a model there is a mapping here."""

    access: AccessDict
    """Who gets a response at all."""
    caching: CachingDict
    """What is stored, for how long, and when it may be used."""
    client: ClientDict
    """How browsers connect."""
    headers: HeadersDict
    """Headers added, set and removed."""
    logs: LogsDict
    """What the access logs say."""
    mtls: MtlsDict
    """Certificates of visitors."""
    nel: NelDict
    """Network Error Logging."""
    origin: OriginDict
    """Which origin gets the request."""
    response: ResponseDict
    """Responses made, changed or compressed at the edge."""
    speculation: SpeculationDict
    """What browsers prefetch and render by themselves."""
    url: UrlDict
    """Redirects and rewrites."""
    comment: str
    """A note for people, up to 2000 characters."""
    edge_function: str | Mapping[str, Any]
    """The file of a JavaScript function that the edge runs."""
    set_variables: Mapping[str, str]
    """Named values for edge functions and custom logic."""
