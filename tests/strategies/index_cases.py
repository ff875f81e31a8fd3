"""Random rule sets for the index, and requests made from their own patterns.

A part of a pattern or expression carries texts that it matches, with each optional piece left out, taken and
doubled. Parts are joined, so text follows every kind of part; the paths are then changed by a letter or two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

from prefetchrouter import Evaluator, Request, Router, and_, exact, not_, or_
from prefetchrouter.errors import PrefetchRouterError, RegexCostError
from prefetchrouter.regex import bounded
from prefetchrouter.rules.pattern import PathPattern

WORDS = (
    "a",
    "b",
    "ab",
    "en",
    "us",
    "docs",
    "doc",
    "shop",
    "v1",
    "Kit",
    "json",
    "old",
    "s",
    "k",
    "product",
    "x.y",
)
JOINTS = ("/", "-", ".", "_", "//", "/a/", ".json", "-old", "%2F", "~")
ENDINGS = ("", "", "", "a", "Z", "0", ".", "-", "/", "//", ".php", "-x", "/x", "%20", "/x/y.json", "js")
METHODS = ("GET", "GET", "GET", "POST", "HEAD", "PROPFIND")
MOST_SAMPLES = 6


class Part(NamedTuple):
    """A piece of a pattern or expression, and texts that it may match."""

    source: str
    samples: tuple[str, ...]


class Case(NamedTuple):
    """A criterion for a rule, and paths that it is about."""

    criterion: Any
    paths: tuple[str, ...]


def joined(random: Random, parts: list[Part]) -> Part:
    """Return parts in a row; their samples are put together at random."""
    texts = {"".join(random.choice(part.samples) for part in parts) for _ in range(MOST_SAMPLES)}
    return Part("".join(part.source for part in parts), tuple(sorted(texts)))


# Regular expressions


def _regex_text(random: Random) -> Part:
    text = random.choice(WORDS + JOINTS)
    source = re.sub(r"[.]", lambda dot: random.choice([r"\.", "[.]", r"\x2e"]), text)
    if random.random() < 0.2:
        source = source.replace("/", random.choice([r"\/", "[/]", r"\x2f"]))
    return Part(source, (text,))


CLASSES = (
    (r"\d", "07"), (r"\w", "aZ_"), (r"\W", "/-."), (r"\D", "a/"), (r"\S", "a/"), (".", "a/."),
    ("[a-c]", "abc"), ("[^/]", "a.-"), ("[^a]", "b/"), ("[/.]", "/."), ("[+-0]", "/.0"), ("[A-Z]", "AK"),
    (r"[\w/-]", "a/-"), ("[sS]", "sS"), ("[^/.]", "aZ"), (r"[\W]", "/."),
)  # fmt: skip
REPEATS = (
    ("?", (0, 1)), ("*", (0, 1, 2)), ("+", (1, 2)), ("{0,}", (0, 1, 2)), ("{1,}", (1, 3)), ("{2}", (2,)),
    ("{0,2}", (0, 2)), ("{1,3}", (1, 3)), ("{0}", (0,)), ("??", (0, 1)), ("*?", (0, 2)), ("+?", (1, 2)),
)  # fmt: skip


def regex_part(random: Random, depth: int = 2) -> Part:
    """A part of a regular expression, with texts that it matches."""
    kind = random.random()
    if depth == 0 or kind < 0.3:
        if random.random() < 0.3:
            source, letters = random.choice(CLASSES)
            return Part(source, tuple(letters))
        return _regex_text(random)
    if kind < 0.55:
        part = _alternatives(random, depth - 1) if random.random() < 0.4 else regex_part(random, depth - 1)
        mark, counts = random.choice(REPEATS)
        texts = {"".join(random.choice(part.samples) for _ in range(count)) for count in counts}
        return Part(f"(?:{part.source}){mark}", tuple(sorted(texts)))
    if kind < 0.75:
        return _alternatives(random, depth - 1)
    if kind < 0.85:
        return Part(random.choice(["^", "$", r"\b", "(?:^|/)", "(?:/|$)", "(?:$|-)"]), ("", "/"))
    if kind < 0.92:
        return Part(f"(?{random.choice('=!')}{_regex_series(random, 0).source})", ("",))
    return _regex_series(random, depth - 1)


def _alternatives(random: Random, depth: int) -> Part:
    """A group of alternatives, perhaps an empty one; now and then more than the index tells apart."""
    if random.random() < 0.08:
        branches = [
            Part(f"{word}{number}", (f"{word}{number}",)) for word in WORDS[:3] for number in range(15)
        ]
    else:
        branches = [_regex_series(random, depth) for _ in range(random.randint(1, 3))]
    if random.random() < 0.25:
        branches.insert(random.randrange(len(branches) + 1), Part("", ("",)))
    opening = random.choice(["(", "(?:", f"(?P<n{random.randrange(10**6)}>"])
    samples = list(dict.fromkeys(text for branch in branches for text in branch.samples))
    random.shuffle(samples)
    return Part(f"{opening}{'|'.join(branch.source for branch in branches)})", tuple(samples[:MOST_SAMPLES]))


def _regex_series(random: Random, depth: int) -> Part:
    return joined(random, [regex_part(random, depth) for _ in range(random.randint(1, 3))])


def regex_case(random: Random) -> Case:
    """A compiled expression, anchored or not, perhaps of several alternatives."""
    branches = []
    for _ in range(random.choice([1, 1, 1, 1, 2, 3])):
        start = random.choice(["^/", "^/", "^/", "^", "/", "", "(?:^|x)/", r"\b", "(?=/)"])
        end = random.choice(
            ["", "", "$", "$", "$", "/?$", "/?", "(/.*)?", "(?:/|$)", "/*", r"\b", "/+", "(?:-|\\.)?"]
        )
        body = _regex_series(random, 2)
        branches.append(Part(start + body.source + end, tuple("/" + text for text in body.samples)))
    source = "|".join(branch.source for branch in branches)
    if random.random() < 0.15:
        source = f"^(?:{source})$"
    paths = tuple(text for branch in branches for text in branch.samples)
    return Case(re.compile(source, random.choice([0, 0, re.I])), paths)


# Path patterns


def pattern_part(random: Random, number: int) -> Part:
    """A part of a path pattern: text, a parameter, a group; `number` makes its name unique."""
    kind = random.random()
    if kind < 0.35:
        text = random.choice(WORDS + JOINTS)
        return Part(text, (text,))
    value = random.choice(WORDS)
    name = f":p{number}" if random.random() < 0.8 else ""
    own, values = random.choice(
        [("", (value,))] * 5
        + [(r"(\d+)", ("7", "12")), ("(a|ab)", ("a", "ab")), ("(.*)", ("", "a/b")), ("(en|fr)", ("en", "fr")),
           ("([^/]*)", ("", "x")), ("(a/b|c)", ("a/b", "c")), (r"(\w+\.js)", ("k.js",)), ("(s?)", ("", "s"))]
    )  # fmt: skip
    if not name and not own:
        own = "(.*)"
    mark, counts = random.choice([("", (1,)), ("?", (0, 1)), ("*", (0, 1, 2)), ("+", (1, 2, 3))])
    if random.random() < 0.5:
        before = random.choice(["/", "/", ".", "-", ""])
        texts = {"".join(before + random.choice(values) for _ in range(count)) for count in counts}
        return Part(f"{before}{name}{own}{mark}", tuple(sorted(texts)))
    before, after = random.choice(["/", "-", "", "a", "/x", "."]), random.choice(["", "/", "-", ".", "b"])
    inside = "" if random.random() < 0.3 else name + own
    once = [before + (random.choice(values) if inside else "") + after for _ in range(3)]
    texts = {"".join(random.choice(once) for _ in range(count)) for count in counts}
    return Part(f"{{{before}{inside}{after}}}{mark}", tuple(sorted(texts)))


def pattern_case(random: Random) -> Case:
    """A path pattern; text follows every kind of parameter."""
    while True:
        parts = [Part(random.choice(["/", "", "/a", "/docs"]), ("",))]
        parts[0] = Part(parts[0].source, (parts[0].source,))
        parts += [pattern_part(random, number) for number in range(random.randint(1, 4))]
        made = joined(random, parts)
        try:
            PathPattern(made.source)
        except PrefetchRouterError:
            continue
        return Case(made.source, made.samples)


# Criteria, rules, requests


def criterion(random: Random, depth: int = 1) -> Case:
    """A criterion of any kind that has to do with paths."""
    base = pattern_case(random) if random.random() < 0.5 else regex_case(random)
    kind = random.random()
    if kind < 0.5 or depth == 0:
        return base
    paths = tuple(_as_path(path) for path in base.paths)
    other = criterion(random, depth - 1)
    both = base.paths + other.paths
    if kind < 0.58:
        return Case({"origin_path": base.criterion}, paths)
    if kind < 0.66:
        return Case(
            {"path": base.criterion, "method": random.choice(["POST", "GET", ["HEAD", "POST"]])}, paths
        )
    if kind < 0.72:
        return Case([*paths, "/a"], paths)
    if kind < 0.78:
        return Case(exact(random.choice(paths)), paths)
    if kind < 0.84:
        return Case(not_(base.criterion) if isinstance(base.criterion, str | re.Pattern) else "/a", paths)
    return Case(random.choice([and_, or_])(base.criterion, other.criterion), both)


def _as_path(text: str) -> str:
    return text if text.startswith("/") else "/" + text


def _features(random: Random, number: int, paths: tuple[str, ...]) -> Any:
    features: dict[str, Any] = {"headers": {"add_response_headers": {"x-rule": str(number)}}}
    if random.random() < 0.3:
        features["caching"] = {"max_age": f"{number + 1}h"}
    if random.random() < 0.1:
        features["url"] = {
            "url_rewrite": [
                {"source": "^/(.*)$", "destination": _as_path(random.choice(paths)), "syntax": "regexp"}
            ]
        }
    return features


def _add(random: Random, router: Router, number: int) -> tuple[str, ...]:
    case = criterion(random)
    features = _features(random, number, case.paths)
    kind = random.random()
    if kind < 0.7:
        router.match(case.criterion, features)
    elif kind < 0.8:
        other = criterion(random)
        router.if_(case.criterion, features).elif_(other.criterion, {"comment": "else if"})
        return case.paths + other.paths
    elif kind < 0.9:
        inner = Router()
        paths = _add(random, inner, number + 100)
        router.match(case.criterion, inner)
        return case.paths + paths
    elif kind < 0.95:
        router.get(case.criterion, features)
    else:
        router.if_(case.criterion, features).else_({"comment": "else"})
    return case.paths


def rule_set(random: Random, most: int = 6) -> tuple[Router, tuple[str, ...]]:
    """Return a router of one rule or some, and the paths that its patterns are about."""
    while True:
        router = Router()
        paths: tuple[str, ...] = ()
        try:
            for number in range(random.choice([1, 1, 2, most])):
                paths += _add(random, router, number)
        except (PrefetchRouterError, re.error):
            continue
        return router, paths


def changed(random: Random, path: str) -> str:
    """Return a path with something appended, taken away, doubled, or in the other letter case."""
    path = _as_path(path) + random.choice(ENDINGS)
    kind = random.random()
    at = random.randrange(len(path))
    if kind < 0.1:
        path = path.swapcase()
    elif kind < 0.2:
        path = path[:at] + path[at + 1 :]
    elif kind < 0.3:
        path = path[:at] + path[at] + path[at:]
    elif kind < 0.35:
        path = path[:at] + random.choice("/.-a") + path[at:]
    return _as_path(re.sub("[?#]", "", path))


def requests(random: Random, paths: tuple[str, ...], count: int) -> Iterator[Request]:
    """Yield requests made from paths."""
    for _ in range(count):
        yield Request(changed(random, random.choice(paths)), random.choice(METHODS))


def compare(router: Any, asked: Iterator[Request], report: Callable[[str], None]) -> int:
    """Ask a rule set with and without its index; return how many requests were compared.

    Args:
        router: The rule set.
        asked: The requests.
        report: Is called with each difference in the rules that match, in their values or their number.
    """
    indexed, plain = Evaluator(router), Evaluator(router, is_indexed=False)
    count = 0
    for request in asked:
        try:
            with bounded():
                right, got = plain.evaluate(request), indexed.evaluate(request)
        except RegexCostError:  # no engine decides the request in time, so there is nothing to compare
            continue
        count += 1
        wanted = [(id(matched.rule), matched.phase) for matched in right.rules]
        if wanted != [(id(matched.rule), matched.phase) for matched in got.rules]:
            report(f"{request.method} {request.path}: {len(wanted)} rules match, {len(got.rules)} are found")
        elif wanted and right.features != got.features:
            report(f"{request.method} {request.path}: {right.features}, with the index {got.features}")
    return count
