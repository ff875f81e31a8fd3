"""Three sections of one feature each: `client`, `mtls` and `nel`."""

from typing import TYPE_CHECKING

from prefetchrouter.rules.features.fields import Given, feature
from prefetchrouter.rules.features.kinds import Flag
from prefetchrouter.rules.features.section import Section

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import sections as typed


class ClientFeatures(Section, section="client", example='{"quic": True}'):
    """The features of the `client` section.

    Raises:
        FeatureError: A name is unknown, or the value is not true or false.

    Example:
        >>> ClientFeatures(quic=True).quic
        True
    """

    quic: Given[Flag] = feature("Offers QUIC (reserved).")

    if TYPE_CHECKING:

        def __init__(self, **features: Unpack[typed.ClientDict]) -> None: ...


class Mtls(Section, section="mtls", example='{"forward_client_certificate_to_origin": True}'):
    """The features of the `mtls` section.

    Raises:
        FeatureError: A name is unknown, or the value is not true or false.

    Example:
        >>> Mtls(forward_client_certificate_to_origin=True).forward_client_certificate_to_origin
        True
    """

    forward_client_certificate_to_origin: Given[Flag] = feature(
        "Forwards the visitor's certificate to the origin (reserved).", phase="request"
    )

    if TYPE_CHECKING:

        def __init__(self, **features: Unpack[typed.MtlsDict]) -> None: ...


class Nel(Section, section="nel", example='{"disabled": True}'):
    """The features of the `nel` section: Network Error Logging.

    Raises:
        FeatureError: A name is unknown, or the value is not true or false.

    Example:
        >>> Nel(disabled=True).disabled
        True
    """

    disabled: Given[Flag] = feature("Switches Network Error Logging off, for all requests.", default=False)

    if TYPE_CHECKING:

        def __init__(self, **features: Unpack[typed.NelDict]) -> None: ...
