"""Checks before the edge serves: every feature is supported, every origin has an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prefetchrouter.edge.clients.certificate import Certificate, localhost_certificate, user_certificate
from prefetchrouter.edge.hosts import SiteIdentity
from prefetchrouter.edge.logging.request_log import RequestLog
from prefetchrouter.edge.origins import Origins
from prefetchrouter.edge.running.settings import ServeSettings
from prefetchrouter.edge.running.supported import unsupported
from prefetchrouter.errors import Diagnostic, did_you_mean, shown
from prefetchrouter.evaluation.expressions import Expression, unbounded
from prefetchrouter.regex.linear import engine
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.rules.servers import Host
from prefetchrouter.rules.walk import applied
from prefetchrouter.source import Source

DEFAULT = "default"
"""How messages name the origin without a name."""


def site_identity(settings: ServeSettings, rules: RuleSet) -> SiteIdentity:
    """Return what rules see instead of localhost: the site's first hostname, unless the user names one.

    Example:
        >>> from prefetchrouter import Property
        >>> rules = RuleSet(rules=(), property=Property(hostnames=["www.shop.example"]))
        >>> site_identity(ServeSettings(), rules).host
        'www.shop.example'
    """
    names = tuple(
        hostname.hostname.lower().removesuffix(".")
        for hostname in (rules.property.hostnames if rules.property else None) or ()
    )
    first = next((name for name in names if not name.startswith("*")), None)
    return SiteIdentity(settings.scheme, settings.host or first, names, settings.aliases)


def certificate(settings: ServeSettings) -> Certificate | None:
    """Return the certificate to serve with: the user's own, else one made for this machine; None for HTTP.

    Raises:
        ServeError: It cannot be read or created.
    """
    if not settings.https:
        return None
    if settings.certificate is None:
        return localhost_certificate()
    return user_certificate(settings.certificate, settings.key or settings.certificate)


def given_origins(rules: RuleSet, given: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses in the options by origin; one without a name is for all other origins.

    Example:
        >>> from prefetchrouter import Property
        >>> shop = Property(origins=[{"name": "web", "hosts": ["web.shop.example"]}, {"name": "api"}])
        >>> given_origins(RuleSet(rules=(), property=shop), {"": "public", "api": "http://localhost:3000"})
        {'web': 'public', 'api': 'http://localhost:3000', '': 'public'}
    """
    if "" not in given or rules.property is None:
        return dict(given)
    return {**dict.fromkeys(rules.property.origin_names, given[""]), **given}


def origins_of(rules: RuleSet, settings: ServeSettings, request_log: RequestLog) -> Origins:
    """Return the origins of the property and the options; requests to them are logged.

    Raises:
        PropertyError: An address is neither a URL nor a folder.
    """
    given = given_origins(rules, settings.origins)
    return Origins(rules.property, given, limits=settings.limits, on_call=request_log.note_origin)


def wanted_origins(rules: RuleSet) -> dict[str | None, Source | None]:
    """Return the origins that requests can go to, each with the first line that selects it.

    None is for requests for which neither a rule nor the property names an origin.

    Example:
        >>> from prefetchrouter import Router
        >>> list(wanted_origins(RuleSet(rules=Router().match("/", origin={"set_origin": "web"}).rules)))
        [None, 'web']
    """
    wanted: dict[str | None, Source | None] = {}
    hostnames = (rules.property.hostnames if rules.property else None) or ()
    for hostname in hostnames:
        if hostname.default_origin_name is not None:
            wanted.setdefault(hostname.default_origin_name, None)
    is_said = any(_always_sets(rule) for rule in rules.rules)
    if not is_said and not (hostnames and hostnames[0].default_origin_name):
        wanted[None] = None
    for rule in rules.rules:
        for apply in applied(rule):
            name = apply.features.origin.set_origin if apply.features.origin else None
            if name is not None:
                wanted.setdefault(name, apply.source)
    return wanted


def _slow(found: Expression) -> Diagnostic:
    return Diagnostic(
        "regex-backtracking",
        f"{shown(found.text)} has no known bound on its cost: one request could hold up all others",
        found.source,
        expected="an expression whose cost is bounded",
        hint="let each repetition begin with a character that the rest of it cannot match"
        if engine() is not None
        else 'pip install "prefetchrouter[serve]" for an engine that takes it',
    )


def problems(rules: RuleSet, origins: Origins, settings: ServeSettings) -> Iterator[Diagnostic]:
    """Yield what is wrong with serving rules from these origins.

    Args:
        rules: The rules.
        origins: The origins of the property and the options.
        settings: The options of the command.
    """
    yield from unsupported(rules, settings.without)
    if not settings.allow_slow_regexes:
        yield from map(_slow, unbounded(rules.rules))
    wanted = wanted_origins(rules)
    for name, source in wanted.items():
        for problem in origins.check([name]):
            if name is None:
                problem = (
                    "no rule names an origin for all requests; "
                    "give one with --origin URL or --origin FOLDER, or the example shop with --example"
                )
            message, _, hint = problem.rpartition("; ")
            yield Diagnostic("serve", message, source, hint=hint)
    known = {name for name in wanted if name} | set(rules.property.origin_names if rules.property else ())
    for name in settings.origins:
        if name and name not in known:
            yield Diagnostic(
                "serve",
                f"--origin {name}: neither a rule nor the property names an origin {shown(name)}",
                hint=did_you_mean(name, known) or "without a name it is the default for all",
            )


def places(rules: RuleSet, given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the address of each origin of the rules, for people; the one without a name is `DEFAULT`."""
    described = {
        origin.name: ", ".join(_where(host) for host in origin.hosts or ())
        for origin in (rules.property.origins if rules.property else None) or ()
    }
    given = given_origins(rules, given)
    default = given.get("", "")
    found = []
    for name in wanted_origins(rules):
        where = default if name is None else given.get(name) or described.get(name) or default
        if name is None and not where:  # the only one that there is
            where = next(iter([*given.values(), *described.values()]), "")
        found.append((name or DEFAULT, where))
    return found


def _where(host: Host) -> str:
    locations = [host.location] if isinstance(host.location, str) else host.location
    names = [location if isinstance(location, str) else location.hostname for location in locations]
    return ", ".join(names)


def _always_sets(rule: Rule) -> bool:
    match rule:
        case Apply(features=features):
            return features.origin is not None and bool(features.origin.set_origin)
        case Group(rules=rules):
            return any(_always_sets(member) for member in rules)
        case Chain():  # its settings depend on a condition
            return False
