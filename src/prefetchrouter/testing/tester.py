"""`RuleTester`: evaluates requests, and records coverage."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from prefetchrouter.authoring.loader import load
from prefetchrouter.evaluation import Evaluator
from prefetchrouter.http.message import Request, Response
from prefetchrouter.rules.rule import HasRules
from prefetchrouter.testing.answer import Answer
from prefetchrouter.testing.session import session

if TYPE_CHECKING:
    from prefetchrouter.http.message import Fact
    from prefetchrouter.rules.typed_property import UnsupportedConditions


class RuleTester:
    """Evaluates requests against a router or rule set.

    Args:
        rules: A `Router` or a `RuleSet`.

    Example:
        >>> from prefetchrouter import Router
        >>> tester = RuleTester(Router().get("/pages/:id", caching={"max_age": "1h"}))
        >>> tester.request("/pages/1").ttl
        '1h'
    """

    def __init__(self, rules: HasRules) -> None:
        self._evaluator = Evaluator(rules)
        session.coverage.add(rules.rules)

    @classmethod
    def of_file(cls, path: str | os.PathLike[str]) -> RuleTester:
        """Return the tester of a routes file, loaded once.

        Raises:
            LoadError, RoutesError: As `load`.
        """
        return _of_file(str(Path(path).resolve()), session.unsupported_conditions)

    def request(
        self,
        url: str,
        method: str = "GET",
        *,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        facts: Mapping[str, Fact] | None = None,
        unknown: Sequence[str] = (),
        status: int | None = None,
        response_headers: Mapping[str, str] | None = None,
        response: Response | None = None,
    ) -> Answer:
        """Return what a request gets.

        Args:
            url: An absolute URL, or a path.
            method: The method.
            headers: The headers.
            cookies: The cookies.
            facts: Further facts, such as ``{"location.country": "DE"}``.
            unknown: Facts that are unknown.
            status: The status of the response, for rules with conditions on it.
            response_headers: The headers of the response.
            response: The response, instead of the last two.

        Raises:
            RequestError: The request is invalid.
        """
        if response is None and (status is not None or response_headers is not None):
            response = Response(status or 200, response_headers or {})
        request = Request(
            url,
            method,
            headers=headers or {},
            cookies=cookies or {},
            facts=facts or {},
            response=response,
            unknown=tuple(unknown),
        )
        answer = Answer(self._evaluator, request, session.verdicts.append)
        session.coverage.reach(matched.rule for matched in answer.decision.rules)
        session.answers.append(answer)
        return answer


@lru_cache(maxsize=32)
def _of_file(path: str, unsupported: UnsupportedConditions | None) -> RuleTester:
    return RuleTester(load(path, unsupported_conditions=unsupported).rule_set)
