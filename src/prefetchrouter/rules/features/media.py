"""The options of features for large files: how fast they are sent, and how videos are entered."""

from typing import TYPE_CHECKING

from prefetchrouter.rules.features.fields import Given, option, required
from prefetchrouter.rules.features.kinds import Flag, Integer, Number, TokenName
from prefetchrouter.rules.features.section import Section

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import options as typed


class BandwidthThrottling(Section, example='{"kbytes_per_sec": 256}'):
    """A ceiling for the speed of delivery.

    Example:
        >>> BandwidthThrottling(kbytes_per_sec=256, prebuf_seconds=5).kbytes_per_sec
        256
    """

    kbytes_per_sec: Integer = required("The ceiling, in kilobytes a second.")
    prebuf_seconds: Given[Number] = option("How long delivery runs at full speed first, in seconds.")
    execute_on_shield: Given[Flag] = option("Whether an origin shield throttles too.")

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.BandwidthThrottlingDict]) -> None: ...


class VideoSeekParameters(Section, example='{"seek_start": "from"}'):
    """The names of the query parameters that say where a video starts and ends.

    Example:
        >>> VideoSeekParameters(seek_start="from").seek_start
        'from'
    """

    seek_start: TokenName = required("The parameter that holds the start.")
    seek_end: Given[TokenName] = option("The parameter that holds the end.")

    if TYPE_CHECKING:

        def __init__(self, **options: Unpack[typed.VideoSeekParametersDict]) -> None: ...
