"""`Features`: everything that one branch of a rule does, section by section."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from prefetchrouter.rules.features.access import AccessFeatures
from prefetchrouter.rules.features.caching import CachingFeatures
from prefetchrouter.rules.features.client import ClientFeatures, Mtls, Nel
from prefetchrouter.rules.features.containers import edge_function
from prefetchrouter.rules.features.fields import Given, feature, group
from prefetchrouter.rules.features.headers import HeadersFeatures
from prefetchrouter.rules.features.kept import kept_reader
from prefetchrouter.rules.features.kinds import CommentText, VariableMap
from prefetchrouter.rules.features.logs import LogsFeatures
from prefetchrouter.rules.features.origin import OriginFeatures
from prefetchrouter.rules.features.response import ResponseFeatures
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.features.speculation import SpeculationFeatures
from prefetchrouter.rules.features.url import UrlFeatures
from prefetchrouter.rules.features.value_checks import Checked
from prefetchrouter.rules.node import FrozenDict

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import features_dict as typed

EdgeFunction = Annotated[
    str | FrozenDict[str, Any],
    Checked(edge_function, str | Mapping[str, Any], "path of a file, or a mapping with `js_path`"),
]


class Features(Section, section="", example='{"caching": {"max_age": "1h"}}'):
    """Everything that one branch of a rule does.

    Raises:
        FeatureError: A name is unknown, or a value is not one that it takes; all problems together.

    Example:
        >>> features = Features(caching={"max_age": "1h"}, origin={"set_origin": "web"})
        >>> features.caching.max_age.seconds
        3600
    """

    access: Given[AccessFeatures] = group("Who gets a response at all.")
    caching: Given[CachingFeatures] = group("What is stored, for how long, and when it may be used.")
    client: Given[ClientFeatures] = group("How browsers connect.")
    headers: Given[HeadersFeatures] = group("Headers added, set and removed.")
    logs: Given[LogsFeatures] = group("What the access logs say.")
    mtls: Given[Mtls] = group("Certificates of visitors.")
    nel: Given[Nel] = group("Network Error Logging.")
    origin: Given[OriginFeatures] = group("Which origin gets the request.")
    response: Given[ResponseFeatures] = group("Responses made, changed or compressed at the edge.")
    speculation: Given[SpeculationFeatures] = group("What browsers prefetch and render by themselves.")
    url: Given[UrlFeatures] = group("Redirects and rewrites.")
    comment: Given[CommentText] = feature(
        "A note for people, up to 2000 characters.", example="a note", merge="none"
    )
    edge_function: Given[EdgeFunction] = feature(
        "The file of a JavaScript function that the edge runs.",
        example="./functions/main.js",
        merged=Mapping[str, Any],
    )
    set_variables: Given[VariableMap] = feature(
        "Named values for edge functions and custom logic.", example={"tier": "gold"}, merge="name"
    )

    if TYPE_CHECKING:

        def __init__(self, **features: Unpack[typed.FeaturesDict]) -> None: ...


def features_from(features: Mapping[str, object]) -> Features:
    """Return the features of a mapping; its sections may be mappings or models.

    Raises:
        FeatureError: As for `Features`, but without a place: the caller knows where the mapping was written.

    Example:
        >>> features_from({"caching": CachingFeatures(max_age="1h")}).caching.max_age
        '1h'
        >>> features_from({"cachng": {"max_age": "1h"}})
        Traceback (most recent call last):
        ...
        prefetchrouter.errors.FeatureError: "cachng" is not a feature; did you mean "caching"? \
[unknown-feature]
    """
    return _read(features) if type(features) is dict else Features.of(features)


_read = kept_reader(Features)
