"""The `logs` section: what the access logs say about a request."""

from typing import TYPE_CHECKING

from prefetchrouter.rules.features.fields import Given, feature
from prefetchrouter.rules.features.kinds import Flag, Text
from prefetchrouter.rules.features.section import Section

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import sections as typed


class LogsFeatures(Section, section="logs", example='{"mask_client_subnet": True}'):
    """The features of the `logs` section.

    Raises:
        FeatureError: A name is unknown, or a value is not one that the feature takes; all problems together.

    Example:
        >>> LogsFeatures(mask_client_subnet=True).mask_client_subnet
        True
    """

    custom_log_field_format: Given[Text] = feature(
        "The text of the custom log field; %{Name}i and %{Name}o stand for headers.",
        default="-",
        example="%{Referer}i",
    )
    custom_field: Given[Text] = feature("A custom log value that is not described further.", example="shop")
    log_query_string: Given[Flag] = feature("Writes query strings to the logs.", default=False)
    mask_client_subnet: Given[Flag] = feature(
        "Hides the end of visitors' addresses in the logs.", default=False
    )

    if TYPE_CHECKING:

        def __init__(self, **features: Unpack[typed.LogsDict]) -> None: ...
