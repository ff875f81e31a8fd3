"""The `speculation` section: what browsers prefetch or render by themselves, by Speculation Rules."""

from typing import TYPE_CHECKING

from prefetchrouter.rules.features.fields import Given, feature
from prefetchrouter.rules.features.kinds import EagernessWord, Flag
from prefetchrouter.rules.features.section import Section

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import sections as typed


class SpeculationFeatures(Section, section="speculation", example='{"eagerness": "moderate"}'):
    """The features of the `speculation` section, which the target of that name reads.

    Raises:
        FeatureError: A name is unknown, or a value is not one that the feature takes; all problems together.

    Example:
        >>> SpeculationFeatures(eagerness="immediate").eagerness
        'immediate'
    """

    eagerness: Given[EagernessWord] = feature(
        "How soon browsers speculate on a link: when it is clicked, pointed at, in view, or at once.",
        example="immediate",
        default="moderate",
        own=True,
    )
    prerender: Given[Flag] = feature(
        "Lets browsers also render the page before the click, which runs its scripts.",
        default=False,
        own=True,
    )

    if TYPE_CHECKING:

        def __init__(self, **features: Unpack[typed.SpeculationDict]) -> None: ...
