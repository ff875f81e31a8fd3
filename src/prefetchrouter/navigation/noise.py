"""Differential privacy: counts with noise, which say almost the same whether or not a visitor was there.

Each visitor counts with at most `MOST_STEPS` different steps, each once, and with as many pages. So one
visitor changes the steps by at most that much, and noise of the discrete Laplace distribution hides it; the
same for the pages. A step that hardly any visitor made could show that one did, so a step is kept only from
a threshold on, and a page only with a step. The guarantee is (epsilon, `DELTA`) for each address with its
user agent, for pages, steps and all that is derived from them; how long the log is, in whole days, is taken
as known.

Source: Dwork and Roth, The Algorithmic Foundations of Differential Privacy (2014), sections 3.3 and 3.4; for
the threshold, Korolova and others, Releasing Search Queries and Clicks Privately (2009).
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Final

from prefetchrouter.navigation.counts import Counts, Tally, sequence
from prefetchrouter.navigation.patterns import PagePatterns, template_of
from prefetchrouter.navigation.visits import Visit

MOST_STEPS: Final = 4
"""With how many steps, and with how many pages, a visitor counts."""
DELTA: Final = 1e-6
"""How likely it is at most that a step shows a visitor."""
_SHARE_OF_STEPS: Final = 0.75
"""The share of epsilon that goes into the steps; the pages get the rest."""
_DAY: Final = 86400.0


def least_count(epsilon: float) -> int:
    """Return the least noisy count that is kept.

    Example:
        >>> least_count(4), least_count(1)
        (21, 79)
    """
    scale = MOST_STEPS / (epsilon * _SHARE_OF_STEPS)
    return math.ceil(1 + scale * math.log(MOST_STEPS / (2 * DELTA)))


def private_counts(
    visits: Iterable[Visit],
    epsilon: float,
    patterns: PagePatterns | None = None,
    *,
    by_referer: bool = True,
    is_listed: Callable[[str], bool] | None = None,
    named: Callable[[str], str] | None = None,
    source: random.Random | None = None,
) -> Counts:
    """Return counts with noise, without steps by the page before.

    Args:
        visits: The visits.
        epsilon: How much may be learned about a visitor: the less, the more noise.
        patterns: The patterns of rules, for templates, which are made from the noisy steps.
        by_referer: Whether pages that a `Referer` names, and the visit lacks, are put in.
        is_listed: Says whether a page may be listed: only steps between such pages make templates.
        named: Returns the name that a page is counted by; default: itself.
        source: Where the noise comes from; default: the system's source, which cannot be repeated. Anything
            else gives no privacy.
    """
    dice = source or random.SystemRandom()
    by_visitor: dict[int, list[Visit]] = {}
    for visit in visits:
        by_visitor.setdefault(visit.visitor, []).append(visit)
    steps: Counter[tuple[str, str]] = Counter()
    pages: Counter[str] = Counter()
    for own in by_visitor.values():
        chosen, seen = contribution(own, by_referer, dice, named)
        steps.update(chosen)
        pages.update(seen)
    step_scale = MOST_STEPS / (epsilon * _SHARE_OF_STEPS)
    page_scale = MOST_STEPS / (epsilon * (1 - _SHARE_OF_STEPS))
    least = least_count(epsilon)
    noisy = {step: count + _noise(step_scale, dice) for step, count in sorted(steps.items())}
    made = Counts(steps={step: Tally(n, n) for step, n in noisy.items() if n >= least})
    out: Counter[str] = Counter()
    for (page, following), (n, _, _) in made.steps.items():
        out[page] += int(n)
        out.setdefault(following, 0)
        is_open = is_listed is None or (is_listed(page) and is_listed(following))
        for key in template_of(patterns, page, following) if patterns is not None and is_open else ():
            before = made.templates.get(key, Tally(0, 0))
            made.templates[key] = Tally(before.n + n, before.visitors + int(n))
    for page, steps_out in sorted(out.items()):
        n = max(pages[page] + _noise(page_scale, dice), steps_out, least)
        made.pages[page] = Tally(n, n)
    _add_times(made, by_visitor)
    return made


def contribution(
    visits: list[Visit],
    by_referer: bool,
    dice: random.Random,
    named: Callable[[str], str] | None = None,
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the steps and pages that a visitor counts with: the pages that the steps leave come first."""
    sequences = [sequence(visit) if by_referer else list(visit.pages) for visit in visits]
    if named is not None:
        sequences = [list(map(named, pages)) for pages in sequences]
    steps = sorted({step for pages in sequences for step in pairwise(pages)})
    chosen = steps if len(steps) <= MOST_STEPS else dice.sample(steps, MOST_STEPS)
    left = dict.fromkeys(page for page, _ in chosen)
    others = sorted({page for pages in sequences for page in pages} - set(left))
    dice.shuffle(others)
    return chosen, [*left, *others][:MOST_STEPS]


def _add_times(counts: Counts, by_visitor: dict[int, list[Visit]]) -> None:
    """Add the length of the log in whole days, and totals that are made from the noisy pages."""
    views = [view.time for visits in by_visitor.values() for visit in visits for view in visit.views]
    if views:
        counts.first, counts.last = 0.0, math.ceil((max(views) - min(views) + 1) / _DAY) * _DAY


def _noise(scale: float, dice: random.Random) -> int:
    """Return a number of the discrete Laplace distribution: the difference of two geometric ones."""
    return _geometric(scale, dice) - _geometric(scale, dice)


def _geometric(scale: float, dice: random.Random) -> int:
    return math.floor(-scale * math.log(1.0 - dice.random()))
