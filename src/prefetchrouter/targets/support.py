"""How well a target does what rules ask for: a table by name, read by the frame and by the documentation.

The name of a feature speaks for all that is inside it: ``"headers"`` for every feature of the section,
``"caching.cache_key.include_cookies"`` for one option. The longest that matches counts.

The name of a variable speaks for that variable alone: ``"request.path"`` is the path, and neither its
extension nor its directory. ``"request.path.*"`` is every variable of the namespace, ``"request.header.*"``
every header.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from prefetchrouter.catalog import FEATURES
from prefetchrouter.errors import did_you_mean, shown
from prefetchrouter.rules import operators
from prefetchrouter.rules.variables import NAMESPACES, all_variables, lookup, split_name
from prefetchrouter.targets.edge_rules import EDGE_RULES
from prefetchrouter.targets.value_forms import VALUE_FORMS, parent_of

Level = Literal["full", "approximate", "none"]
"""As the rule says; nearly so, with a sentence that says where it differs; or not at all."""

Kind = Literal["feature", "variable", "operator", "construct", "value form", "edge rule"]
"""What a table speaks of. Options are features with a longer name. No rule of a site uses an edge rule: these
are for the tables of the documentation."""


OPERATORS: Final[tuple[str, ...]] = tuple(operators.OPERATORS)
CONSTRUCTS: Final = ("and", "or", "elif", "else", "nested")
"""How conditions and rules are put together; ``nested`` is a rule with a condition inside another."""


@dataclass(frozen=True, slots=True)
class Support:
    """How well a target does one thing.

    Args:
        level: ``"full"``, ``"approximate"`` or ``"none"``.
        note: One sentence: how it is done, where it differs, or why it is missing.
        nearest: The nearest thing that the target can do, as a cure for the user.
    """

    level: Level
    note: str = ""
    nearest: str | None = None

    def __post_init__(self) -> None:
        if self.level == "approximate" and not self.note:
            raise ValueError("an approximation needs a sentence that says where it differs")


FULL: Final = Support("full")
"""As the rule says, and there is nothing to add."""

UNLISTED: Final = Support("none")
"""What a table does not name is not supported."""


def full(note: str) -> Support:
    """Return full support with a note on how it is done.

    Example:
        >>> full("sent as Age").level
        'full'
    """
    return Support("full", note)


def approximate(note: str, nearest: str | None = None) -> Support:
    """Return support that nearly does what the rule says; the sentence says where it differs.

    Example:
        >>> approximate("whole seconds only").level
        'approximate'
    """
    return Support("approximate", note, nearest)


def none(note: str = "", nearest: str | None = None) -> Support:
    """Return that something is not supported: why, and the nearest thing.

    Example:
        >>> none("no image is changed", nearest="optimize images at the origin").nearest
        'optimize images at the origin'
    """
    return Support("none", note, nearest)


@dataclass(frozen=True, slots=True)
class SupportTable:
    """What a target supports, by kind and name.

    Args:
        features: By names such as ``"caching.max_age"``, ``"headers"`` (a whole section) or
            ``"caching.cache_key.include_cookies"`` (an option).
        variables: By names such as ``"request.path"``, or ``"request.header.*"`` (a whole namespace).
        operators: By names such as ``"=~"``.
        constructs: By the names of `CONSTRUCTS`: how conditions and rules are put together.
        value_forms: By the names of `VALUE_FORMS`: ``"%{...}"`` for all variables in texts, ``"%{...^}"`` for
            one form of them. A form that is not named is supported wherever its feature is.
        edge_rules: By the numbers of `EDGE_RULES`, such as ``"E19"``; for targets that are edges.
        otherwise: What holds for features, variables, operators and constructs that are not named.

    Raises:
        ValueError: There is nothing of a name, or what stands there is not a `Support`.

    Example:
        >>> table = SupportTable(features={"headers": FULL, "headers.debug_header": none("no debug mode")})
        >>> [table.of("feature", f"headers.{name}").level for name in ("set_request_headers", "debug_header")]
        ['full', 'none']
        >>> table.of("feature", "url.url_redirect").level
        'none'
    """

    features: Mapping[str, Support] = field(default_factory=dict)
    variables: Mapping[str, Support] = field(default_factory=dict)
    operators: Mapping[str, Support] = field(default_factory=dict)
    constructs: Mapping[str, Support] = field(default_factory=dict)
    value_forms: Mapping[str, Support] = field(default_factory=dict)
    edge_rules: Mapping[str, Support] = field(default_factory=dict)
    otherwise: Support = UNLISTED

    def __post_init__(self) -> None:
        _check_names("feature", self.features, _features())
        _check_names("variable", self.variables, _variables())
        _check_names("operator", self.operators, OPERATORS)
        _check_names("construct", self.constructs, CONSTRUCTS)
        _check_names("value form", self.value_forms, VALUE_FORMS)
        _check_names("edge rule", self.edge_rules, EDGE_RULES)
        tables = (
            self.features,
            self.variables,
            self.operators,
            self.constructs,
            self.value_forms,
            self.edge_rules,
        )
        for support in (self.otherwise, *(support for table in tables for support in table.values())):
            if not isinstance(support, Support):
                raise ValueError(
                    f"{shown(support)} is not a Support; expected FULL, approximate(...) or none(...)"
                )

    @property
    def supports_everything(self) -> bool:
        """Whether no rule can be unsupported, so that none need be read."""
        tables = self.features, self.variables, self.operators, self.constructs, self.value_forms
        named = [support for table in tables for support in table.values()]
        return self.otherwise.level == "full" and all(support.level == "full" for support in named)

    def of(self, kind: Kind, name: str) -> Support:
        """Return how well something is supported: by its own name, or by that of what it is inside."""
        table = self._table(kind)
        otherwise = FULL if kind in ("value form", "edge rule") else self.otherwise
        return next((table[key] for key in _keys(kind, name) if key in table), otherwise)

    def _table(self, kind: Kind) -> Mapping[str, Support]:
        match kind:
            case "feature":
                return self.features
            case "variable":
                return self.variables
            case "operator":
                return self.operators
            case "construct":
                return self.constructs
            case "value form":
                return self.value_forms
            case "edge rule":
                return self.edge_rules


def feature_names() -> tuple[str, ...]:
    """Return the name of every feature, such as ``"caching.max_age"``, in the order of the catalogue.

    Example:
        >>> "caching.max_age" in feature_names(), "comment" in feature_names()
        (True, True)
    """
    return tuple(map(str, FEATURES))


def _features() -> tuple[str, ...]:
    return (*dict.fromkeys(spec.section for spec in FEATURES.values() if spec.section), *feature_names())


def _variables() -> tuple[str, ...]:
    documented = (f"{spec.namespace}.{spec.name}" for spec in all_variables() if "<" not in spec.name)
    return (*documented, *(f"{namespace}.*" for namespace in NAMESPACES))


def _keys(kind: Kind, name: str) -> Iterator[str]:
    """Yield the keys of a table that speak for a name, the most precise one first."""
    yield name
    match kind:
        case "feature":
            while name := name.rpartition(".")[0]:
                yield name
        case "variable":
            if (found := split_name(name)) is not None:
                yield f"{found[0]}.*"
        case "value form":
            parent = parent_of(name)
            if parent is not None:
                yield parent
        case "operator" | "construct" | "edge rule":
            pass


def _check_names(kind: Kind, names: Iterable[str], known: Iterable[str]) -> None:
    known = tuple(known)
    for name in names:
        if not _is_known(kind, name, known):
            hint = did_you_mean(name, known)
            raise ValueError(
                f"{shown(name)} is not {_article(kind)} {kind} of rules{f'; {hint}' if hint else ''}"
            )


def _article(kind: Kind) -> str:
    return "an" if kind[0] in "aeiou" else "a"


def _is_known(kind: Kind, name: str, known: tuple[str, ...]) -> bool:
    if name in known:
        return True
    if kind == "variable":
        found = split_name(name)
        return found is not None and lookup(*found) is not None
    # Of a feature, what follows its own name are options.
    return kind == "feature" and any(name.startswith(f"{feature}.") and "." in feature for feature in known)
