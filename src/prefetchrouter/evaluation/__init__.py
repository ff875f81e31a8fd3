"""What rules mean: `evaluate` says what one request gets, and which line decided it.

    >>> from prefetchrouter import Request, Router, evaluate
    >>> router = Router()
    >>> router = router.match("/:path*", caching={"max_age": "1h"}, origin={"set_origin": "web"})
    >>> router = router.match("/pages/:id", caching={"max_age": "1d"})
    >>> decision = evaluate(router, Request("https://shop.example/pages/1"))
    >>> decision.ttl(), decision.origin
    ('1d', 'web')
    >>> value = decision.value("caching.max_age.200")
    >>> str(value.value), [str(old.value) for old in value.overrode]
    ('1d', ['1h'])

Every rule that matches contributes, in order, and later values win. An `Evaluator` prepares that once for
many requests; a decision is data, and holds neither the rules nor the evaluator:

    rules ──► Evaluator ── index: the rules that a path may concern
                  │
    Request ──► RequestContext ──follow──► Findings ──merge──► Merged
                  what conditions read     features that apply,  last value of each key,
                                           what was left open    linked to those before
                                                                    │
                        caching      for how long, which key ◄──┐   │
                        upstream     where the request goes  ◄──┼── Decision
                        downstream   what the client gets    ◄──┘

What is not known is not guessed. A test of an unknown fact counts as false, and a test of a response that
is not there ends its chain; the decision lists both, and ``assuming=`` returns the other outcome:

    >>> german = {"location": {"country": "DE"}}
    >>> by_country = Router().if_(german, caching={"max_age": "1m"}).else_(caching={"max_age": "1h"})
    >>> request = Request("/", unknown=["location.country"])
    >>> (dependency,) = evaluate(by_country, request).depends_on
    >>> dependency.facts, evaluate(by_country, request, assuming=[dependency.branch]).ttl()
    (('location.country',), '1m')

The modules, in the order of their imports:

    context.py, site_settings.py         the request and the site's settings, as rules read them
    templates.py, variable_values.py     ``%{host}`` and the like in the values of features
    accessors.py, path_tests.py,         variables and conditions as functions of a request
      predicates.py
    entries.py, leaf.py, merge.py        features, value by value; how those of several rules become one
    compile.py                           rules as steps, and a request on its way through them
    shapes.py, index_keys.py, index.py   which rules a path may concern, without testing each of them
    destination.py, url_rewrite.py       the URLs that redirects and rewrites lead to
    request_key.py, header_changes.py,   one subject each of what a request gets
      redirect_target.py, request_url.py
    edge_caching.py, origin_request.py,  the parts of a decision
      downstream.py, prefetch.py
    decision.py, engine.py               `Decision`, and `Evaluator`, which makes it
    dependencies.py, expressions.py      what a rule set reads, and its regular expressions
    lazy.py                              values that are computed when they are first needed

No output is known here. What browsers decide is the same evaluation of other rules: see
`prefetchrouter.browser_view`, a pass that `Evaluator.through` takes. ``docs/evaluate.md`` shows all that a
decision has, ``docs/rule-language.md`` what conditions mean.
"""

from prefetchrouter.evaluation.decision import Decision, Dependency, Matched
from prefetchrouter.evaluation.downstream import Redirect, Synthetic
from prefetchrouter.evaluation.engine import Evaluator, RulePass, evaluate, evaluator_of
from prefetchrouter.evaluation.merge import Value

__all__ = [
    "Decision",
    "Dependency",
    "Evaluator",
    "Matched",
    "Redirect",
    "RulePass",
    "Synthetic",
    "Value",
    "evaluate",
    "evaluator_of",
]
