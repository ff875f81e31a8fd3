"""Yesterday's traffic under other rules or another model, before anything is deployed.

    >>> from prefetchrouter.navigation import Link, Navigation
    >>> from prefetchrouter.navigation.traffic import View
    >>> from prefetchrouter.navigation.visits import Visit
    >>> from prefetchrouter.simulation.path_globs import PathGlob
    >>> pages = list(enumerate(["/", "/a"]))
    >>> views = [[View(who, 60 * who + n, n, page, 500) for n, page in pages] for who in range(9)]
    >>> visits = [Visit(who, tuple(found)) for who, found in enumerate(views)]
    >>> site = SiteFacts(max_age={PathGlob("/*"): 3600.0})
    >>> model = Navigation(links={"/": (Link("/a", 0.6, 9),)}, threshold=0.5)
    >>> found = simulate(visits[:3], visits[3:], site, model)
    >>> [(row.name, row.outcome.instant) for row in found.rows][0], found.proposal.outcome.instant
    (('no prefetch', 0), 6)

    visits of a log ──split──► earlier: links, the edge's cache, a model if none is given
                        └────► the rest ──replay(policy, facts of the rules)──► Outcome ──► table, picture

The modules, in the order of their imports:

    path_globs.py           "/blog/*"
    page_facts.py           what rules say about a page
    policies.py             what a page prefetches
    replay.py               views, edge and stores, one after the other
    own_log.py              what an edge logs while pages prefetch
    simulating.py           the policies side by side, longer lifetimes, other budgets
    simulation_text.py      as text, Markdown and data
    frontier_picture.py     as a picture
"""

from prefetchrouter.simulation.page_facts import PageFacts, SiteFacts
from prefetchrouter.simulation.replay import Outcome, replay
from prefetchrouter.simulation.simulating import (
    FrontierPoint,
    Gain,
    PolicyOutcome,
    Simulation,
    simulate,
    split,
)

__all__ = [
    "FrontierPoint",
    "Gain",
    "Outcome",
    "PageFacts",
    "PolicyOutcome",
    "Simulation",
    "SiteFacts",
    "replay",
    "simulate",
    "split",
]
