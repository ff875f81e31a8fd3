"""What editors and type checkers see of the router; checked by `make check`, never run.

A line that a checker must refuse carries an ignore comment, and an ignore comment without need is an error.
"""

from __future__ import annotations

import re
from typing import Any, assert_type

from prefetchrouter import (
    Build,
    CacheKey,
    CachingDict,
    CachingFeatures,
    Criteria,
    Features,
    FeaturesDict,
    HeadersFeatures,
    Host,
    Hostname,
    Location,
    Origin,
    OriginFeatures,
    Plugin,
    Property,
    Route,
    Router,
    RuleBody,
    RuleSet,
    and_,
    build,
    compile_rules,
    exact,
    load,
    not_,
    or_,
    raw,
)
from prefetchrouter.authoring.criteria import Exact, Joined, Not, Raw
from prefetchrouter.authoring.loader import Routes
from prefetchrouter.rules.rule import Rule

router = Router()

# Every call returns the router.
assert_type(router.match("/a", {}), Router)
assert_type(router.get("/a", {}), Router)
assert_type(router.post("/a", {}), Router)
assert_type(router.put("/a", {}), Router)
assert_type(router.patch("/a", {}), Router)
assert_type(router.delete("/a", {}), Router)
assert_type(router.head("/a", {}), Router)
assert_type(router.options("/a", {}), Router)
assert_type(router.always({}), Router)
assert_type(router.catch(404, {}), Router)
assert_type(router.catch(re.compile("^5"), {}), Router)
assert_type(router.if_("/a", {}).elif_("/b", {}).else_({}), Router)
assert_type(router.conditional({"if": []}), Router)
assert_type(router.use(lambda plugged: plugged.always({})), Router)
assert_type(router.force_https(redirect_code=301, hsts=False), Router)
assert_type(router.rules, tuple[Rule, ...])


class Shop(Router):
    """A subclass of Router keeps its type."""

    def pages(self) -> None: ...


assert_type(Shop().match("/a", {}).get("/b", {}), Shop)

# Features as a mapping, as models, as keywords, as a function, as a router, and several of them.
router.match("/a", {"caching": {"max_age": "1h"}, "headers": {"set_response_headers": {"x-a": "1"}}})
router.match(
    "/a", {"caching": CachingFeatures(max_age="1h"), "origin": {"set_origin": "web"}, "comment": "note"}
)
router.match("/a", Features(caching={"max_age": {"200": "1h"}}))
router.match("/a", caching={"max_age": "1h", "service_worker_max_age": "1h"}, comment="note")
router.match(
    "/a",
    Features(
        caching=CachingFeatures(max_age="1h"), headers=HeadersFeatures(remove_response_headers=["server"])
    ),
)
router.match("/a", {"origin": OriginFeatures(set_origin="web")}, edge_function="edge/a.js")
# As keywords, sections are mappings only, so that a checker names the key that is wrong.
router.match("/a", caching=CachingFeatures(max_age="1h"))  # type: ignore[arg-type]
# What rules share in variables needs its type: of a bare mapping a checker knows less.
caching: CachingDict = {"max_age": "1h"}
features: FeaturesDict = {"caching": caching}
wanted: Criteria = {"path": "/a", "method": "GET"}
body: RuleBody = features
router.match(wanted, body).match(wanted, caching=caching)
bare = {"max_age": "1h"}
router.match("/a", caching=bare)  # type: ignore[arg-type]


def plugin(criteria: Criteria, body: RuleBody) -> Plugin:
    return lambda router: router.match(criteria, body)


assert_type(router.use(plugin(wanted, body)), Router)
router.match("/a", lambda route: route.proxy("web"))
router.match("/a", lambda route: route.set_response_code(410), comment="gone")
router.match("/a", Router().match("/b", {}))
router.if_("/a", {}, lambda route: route.send("x"), Router(), caching={"max_age": "1h"})


def helper(route: Route) -> None:
    """A helper function knows its route."""
    assert_type(route.cache(edge={"max_age_seconds": 60}, browser=False), Route)
    assert_type(route.set_origin("web").set_comment("a", append=True), Route)


router.get("/a", helper)
router.always(lambda route: assert_type(route, Route))

# Criteria in all their forms.
assert_type(and_("/a", {"method": "GET"}), Joined)
assert_type(or_("/a", and_("/b")), Joined)
assert_type(not_("/a"), Not)
assert_type(exact("/a"), Exact)
assert_type(raw({"<": [{"random": 99}, 10]}), Raw)
router.match(re.compile("^/a"), {})
router.match(exact("/a"), {})
router.match(["/a", "/b"], {})
router.match(not_(re.compile("^/a")), {})
router.match(or_("/a", {"query": {"q": ":id"}}), {})
router.match({"path": "/a", "headers": {"x-a": not_("1")}, "location": {"country": ["DE", "AT"]}}, {})
router.if_(and_(raw({}), "/a"), {}).elif_({"response": {"status_code": re.compile("^5")}}, {})

# What comes out.
assert_type(compile_rules(router), list[Any])
assert_type(build(router), Build)
assert_type(build(router)["ruleset.json"], str)
assert_type(load("routes.py"), Routes)
assert_type(load().rule_set, RuleSet)
assert_type(RuleSet.from_json("{}"), RuleSet)
assert_type(RuleSet.from_json([]).to_json("raw"), dict[str, Any])
assert_type(CacheKey().add_header("a").add_device(), CacheKey)

# A property with lists and text, or with models.
site = Property(name="shop", origins=[{"name": "web", "hosts": ["a.example"]}], hostnames=["www.a.example"])
Property(
    origins=[
        Origin(name="web", hosts=[Host(location=[Location(hostname="a.example", port=80)], scheme="http")])
    ],
    hostnames=[Hostname(hostname="www.a.example", default_origin_name="web")],
)
assert_type(site.origin_names, tuple[str, ...])

# A wrong section, key or value is refused, wherever it stands.
router.match("/a", {"cachng": {}})  # type: ignore[arg-type]
router.match("/a", {"caching": {"max_agee": "1h"}})  # type: ignore[arg-type]
router.match("/a", {"caching": {"max_age": 3600}})  # type: ignore[arg-type]
router.match("/a", {"caching": {"bypass_cache": "yes"}})  # type: ignore[arg-type]
router.match("/a", cachng={})  # type: ignore[call-arg]
router.match("/a", caching={"max_agee": "1h"})  # type: ignore[typeddict-unknown-key]
router.match("/a", caching={"service_worker_max_age": 3600})  # type: ignore[typeddict-item]
router.match("/a", headers={"set_response_headers": ["x"]})  # type: ignore[typeddict-item]
router.match("/a", comment=7)  # type: ignore[arg-type]
router.get("/a", caching={"enable_caching_for_methods": ["PATCH"]})  # type: ignore[list-item]
router.post("/a", response={"set_done": "yes"})  # type: ignore[typeddict-item]
router.put("/a", "caching")  # type: ignore[arg-type]
router.patch("/a", 7)  # type: ignore[arg-type]
router.delete("/a", ["caching"])  # type: ignore[arg-type]
router.head("/a", {}, {})  # type: ignore[call-arg]
router.options()  # type: ignore[call-arg]
router.always("/a", {})  # type: ignore[call-arg,arg-type]
router.catch(4.04, {})  # type: ignore[arg-type]
router.if_("/a", {"origin": {"set_orign": "web"}})  # type: ignore[arg-type]
router.elif_("/a", {}, {"cachng": {}})  # type: ignore[arg-type]
router.else_(caching={"max_age": None})  # type: ignore[typeddict-item]
router.conditional("if")  # type: ignore[arg-type]
router.use(7)  # type: ignore[arg-type]
router.force_https(hsts_max_age="1y")  # type: ignore[arg-type]
router.force_https(301)  # type: ignore[call-arg]
router.mtch("/a", {})  # type: ignore[attr-defined]

# So are wrong criteria,
router.match(7, {})  # type: ignore[arg-type]
router.match(None, {})  # type: ignore[arg-type]
router.match({"pth": "/a"}, {})  # type: ignore[arg-type]
router.match({"path": 7}, {})  # type: ignore[arg-type]
router.match({"headers": "x"}, {})  # type: ignore[arg-type]
router.match({"headers": {"x": None}}, {})  # type: ignore[arg-type]
not_({"path": "/a"})  # type: ignore[arg-type]
exact(7)  # type: ignore[arg-type]
raw("/a")  # type: ignore[arg-type]
and_(7)  # type: ignore[arg-type]

# and wrong helpers.
router.match("/a", lambda route: route.prxy("web"))  # type: ignore[attr-defined]
router.match("/a", lambda route: route.proxy())  # type: ignore[call-arg]
router.match("/a", lambda route: route.set_response_code("410"))  # type: ignore[arg-type]
router.match("/a", lambda route: route.cache(edge={"max_age": "1h"}))  # type: ignore[arg-type]
router.match("/a", lambda route: route.cache(edge=True))  # type: ignore[arg-type]
router.match("/a", lambda route: route.cache(key="x"))  # type: ignore[arg-type]
router.match("/a", lambda route: route.add_features({"cachng": {}}))  # type: ignore[typeddict-unknown-key]
router.match("/a", lambda route: route.update_response_header("x", "a", "b"))  # type: ignore[arg-type]
router.match("/a", lambda route: route.update_response_header("x", re.compile("a"), "b", count=2))  # type: ignore[arg-type]
router.match("/a", lambda a, b: None)  # type: ignore[arg-type,misc]
build(router, unsupported_conditions="keep")  # type: ignore[arg-type]
build("routes.py")  # type: ignore[arg-type]
Property(origins=[{"hosts": ["a.example"]}])  # type: ignore[list-item]
Host(location="a.example", scheme="ftp")  # type: ignore[arg-type]
