"""What is known of the paths of a rule without evaluating it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.analysis.prefixes import covers, prefixes_of
from prefetchrouter.analysis.witnesses import places
from prefetchrouter.catalog import keys
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.lint.checks.never_wins import CHECK
from prefetchrouter.lint.linted_site import Site
from prefetchrouter.rules.conditions import Comparison, Variable

SEGMENTS = st.sampled_from(["a", "A", "ab", "docs", "x.html"])
FOLDERS = st.lists(SEGMENTS, max_size=2).map(lambda found: "".join(f"/{each}" for each in found))
ENDS = st.sampled_from(["", "/", "/:id", "/:id*", "/:id?", "/:id+", "/a", "/:id/edit", "/:id.html"])
PATHS = st.lists(SEGMENTS, max_size=2).map(lambda found: "/" + "/".join(found))


@example(folder="/a", start="/ab", end="", path="/", slash="")
@given(folder=FOLDERS, start=FOLDERS, end=ENDS, path=PATHS, slash=st.sampled_from(["", "/"]))
def test_a_folder_that_covers_a_rule_matches_each_of_its_paths(
    folder: str, start: str, end: str, path: str, slash: str
) -> None:
    pattern = f"{start}{end}" or "/"
    general = Comparison("==", (Variable("request", "path"), f"{folder}/:rest*"))
    (place,) = places(Router().match(pattern, comment="special").rules[0])
    if not covers(general, prefixes_of(place)):
        return
    router = Router().match(pattern, origin={"set_origin": "special"})
    router.match(f"{folder}/:rest*", origin={"set_origin": "general"})
    decision = evaluate(router, Request(start + path + slash))
    assert decision.get(keys.origin.set_origin) != "special"


def test_rules_that_one_general_rule_replaces_are_found_by_one_request_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two thousand of them took eleven seconds when each request of each was tried."""
    router = Router()
    for number in range(30):
        router.match(f"/s{number}/:id", caching={"max_age": "1h"})
    router.match("/:path*", caching={"max_age": "2h"})
    requests: list[Request] = []
    of_engine = Evaluator.evaluate

    def counted(self: Evaluator, request: Request) -> Decision:
        requests.append(request)
        return of_engine(self, request)

    monkeypatch.setattr(Evaluator, "evaluate", counted)
    found = list(CHECK.run(Site(router)))
    assert len(found) == 30
    assert len(requests) <= 2 * len(router.rules)
