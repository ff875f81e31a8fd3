"""The long form of some features: the value, and whether it also acts at an origin shield."""

from typing import TYPE_CHECKING

from prefetchrouter.rules.features.fields import required
from prefetchrouter.rules.features.kinds import (
    Flag,
    HeaderNames,
    RequestHeaderMap,
    ResponseHeaderMap,
    SignedSpan,
    TreatmentWord,
)
from prefetchrouter.rules.features.section import Section

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import options as typed

_ON_SHIELD = "Whether an origin shield applies it too."


class ShieldedFlag(Section):
    """A switch, and whether it also acts at an origin shield.

    Example:
        >>> ShieldedFlag(value=True, execute_on_shield=False).value
        True
    """

    value: Flag = required("On or off.")
    execute_on_shield: Flag = required(_ON_SHIELD)

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.ShieldedFlagDict]) -> None: ...


class ShieldedTreatment(Section):
    """How an origin's header is treated, and whether that also holds at an origin shield.

    Example:
        >>> ShieldedTreatment(value="pass", execute_on_shield=False).value
        'pass'
    """

    value: TreatmentWord = required("What becomes of the origin's header.")
    execute_on_shield: Flag = required(_ON_SHIELD)

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.ShieldedTreatmentDict]) -> None: ...


class ShieldedDuration(Section):
    """A duration, and whether it also acts at an origin shield.

    Example:
        >>> ShieldedDuration(value="1h", execute_on_shield=False).value.seconds
        3600
    """

    value: SignedSpan = required("The duration.")
    execute_on_shield: Flag = required(_ON_SHIELD)

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.ShieldedDurationDict]) -> None: ...


class ShieldedRequestHeaders(Section):
    """Request headers, and whether an origin shield sets them too.

    Example:
        >>> ShieldedRequestHeaders(headers={"x-tier": "gold"}, execute_on_shield=False).headers["x-tier"]
        'gold'
    """

    headers: RequestHeaderMap = required("Values by header name.")
    execute_on_shield: Flag = required(_ON_SHIELD)

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.ShieldedRequestHeadersDict]) -> None: ...


class ShieldedResponseHeaders(Section):
    """Response headers, and whether an origin shield sets them too.

    Example:
        >>> ShieldedResponseHeaders(headers={"x-tier": "gold"}, execute_on_shield=False).headers["x-tier"]
        'gold'
    """

    headers: ResponseHeaderMap = required("Values by header name.")
    execute_on_shield: Flag = required(_ON_SHIELD)

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.ShieldedResponseHeadersDict]) -> None: ...


class ShieldedHeaderNames(Section):
    """Header names, and whether an origin shield removes them too.

    Example:
        >>> ShieldedHeaderNames(headers=["server"], execute_on_shield=False).headers
        ('server',)
    """

    headers: HeaderNames = required("The header names.")
    execute_on_shield: Flag = required(_ON_SHIELD)

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.ShieldedHeaderNamesDict]) -> None: ...
