"""The target ``nginx``: a complete configuration, and one to include in a server that is there already.

    rules ──lower──> leaves ──> columns ──> maps: rules.conf
                                     └───> JSON in maps, which edge.js reads where maps do not do
    templates: the edge around them, http.conf and server.conf

An ordinary hit is answered by maps and nginx's cache alone. JavaScript runs for unusual URLs, for responses
that come from an origin, and for the rules that need it.

    clients ──> server.conf ──cache──> inside: keep ──> origins
                     │                  (says how long nginx may keep a response)
                     └── prefetches: the same cache in front of a server that refuses

Its modules:

    conf_text.py           text in quotes; a template takes nothing else
    book.py                the maps, each one once
    reading_variables.py   what tests and texts read, as variables
    javascript.py          text in JavaScript
    truths.py              tests as variables
    leaves.py              what rules set, with the guards that lead to it
    columns.py             which rule decides a value
    phase_settings.py      features as variables
    substitutions.py       rewrites and redirects as JSON
    header_variables.py    headers as variables, or as operations for edge.js
    nginx_upstreams.py     origins as upstreams
    words.py               what the templates are given, from
    early_words.py         the settings that act before the cache,
    late_words.py          those that act on responses,
    origin_words.py        and the origin of a request
    conf_files.py          the files
    nginx_support.py       which parts of the rules nginx supports
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from prefetchrouter.targets.artifact import Artifact
from prefetchrouter.targets.nginx.conf_files import Options, files
from prefetchrouter.targets.nginx.nginx_support import SUPPORT
from prefetchrouter.targets.origin_addresses import report_missing_addresses
from prefetchrouter.targets.site_files import site_files
from prefetchrouter.targets.support import SupportTable
from prefetchrouter.targets.target import Job, Target

__all__ = ["NginxTarget", "Options"]


@dataclass(frozen=True, slots=True)
class NginxTarget(Target):
    """A configuration for nginx, ready to start.

    Args:
        options: Where it listens, and other things that rules do not say.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.rules.rule_set import RuleSet
        >>> job = Job(NginxTarget(), RuleSet(rules=Router().match("/a", caching={"max_age": "1h"}).rules))
        >>> [artifact.path for artifact in NginxTarget().print(job)][:2]
        ['nginx/nginx.conf', 'nginx/run.sh']
    """

    name: ClassVar[str] = "nginx"
    summary: ClassVar[str] = "A configuration for nginx, and one to include in your own server."
    support: ClassVar[SupportTable] = SUPPORT
    start_command: ClassVar[tuple[str, ...]] = ("sh", "nginx/run.sh")

    options: Options = field(default_factory=Options)

    def print(self, job: Job) -> list[Artifact]:
        """Return the files of the configuration, below ``nginx/``."""
        report_missing_addresses(job, self.options.origins)
        served = site_files(job.filtered, job.property, job.navigation)
        found = files(job.rule_set, served, self.options)
        return [Artifact(f"nginx/{path}", text) for path, text in found.items()]
