"""The `response` section: responses made, changed or compressed at the edge."""

from typing import TYPE_CHECKING

from prefetchrouter.rules.features.fields import Given, feature
from prefetchrouter.rules.features.kinds import Flag, MediaTypes, SomeText, StatusOrLine, Text
from prefetchrouter.rules.features.section import Section

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import sections as typed


class ResponseFeatures(Section, section="response", example='{"set_status_code": 410}'):
    """The features of the `response` section.

    Raises:
        FeatureError: A name is unknown, or a value is not one that the feature takes; all problems together.

    Example:
        >>> ResponseFeatures(set_status_code=410, set_response_body="Gone", set_done=True).set_status_code
        410
    """

    allow_prefetching_uncached_content: Given[Flag] = feature(
        "Forwards a prefetch to the origin when no response is stored.", default=False, phase="request"
    )
    compress_content_types: Given[MediaTypes] = feature(
        "The media types that the edge compresses.", example=["text/html", "application/json"]
    )
    optimize_images: Given[Flag] = feature("Lets the edge resize and convert images.", default=False)
    retry_from_hostname: Given[SomeText] = feature(
        "The host name for a second attempt (reserved).", example="backup.example.com"
    )
    set_done: Given[Flag] = feature(
        "The edge responds itself, without a request to the origin.", default=False
    )
    set_response_body: Given[Text] = feature(
        "The text of the response, instead of any other.",
        example="Gone",
        elsewhere=("body", "response_body", "text"),
    )
    set_status_code: Given[StatusOrLine] = feature(
        "The status code of the response.", example=410, elsewhere=("status", "status_code", "code")
    )

    if TYPE_CHECKING:

        def __init__(self, **features: Unpack[typed.ResponseDict]) -> None: ...
