"""Targets: what rules are built for. Each is a package that prints the rules in the words of one reader.

    RuleSet ──> what the rules use ──> support table ──> printer ──> artifacts
                (features, variables,   full, approximate,            (path, text, size)
                 operators, with lines)  none: a diagnostic

A target has a name, a table of what it supports, and a printer. The frame reads all rules before the printer
runs: what the table does not list is an error with the user's line, without a line of code in the target.

    >>> from prefetchrouter import Router, build
    >>> class Pages(Target):
    ...     name = "pages"
    ...     summary = "The paths that have a lifetime, one a line."
    ...     support = SupportTable(
    ...         features={"caching.max_age": FULL}, variables={"request.path": FULL}, operators={"==": FULL}
    ...     )
    ...
    ...     def print(self, job: Job) -> list[Artifact]:
    ...         paths = [test.value for rule in job.rules for test in conditions_in(rule)]
    ...         return [Artifact("pages.txt", "\\n".join(paths))]
    >>> from prefetchrouter.rules.walk import conditions_in
    >>> build(Router().match("/a", caching={"max_age": "1h"}), targets=[Pages()])["pages.txt"]
    '/a'
    >>> build(Router().match("/a", url={"url_redirect": {"destination": "/b"}}), targets=[Pages()])
    Traceback (most recent call last):
    prefetchrouter.errors.UnsupportedError: <doctest ...>:1: the target "pages" does not support \
url.url_redirect; ... [unsupported]

Its modules:

    artifact.py       a file that a target writes
    support.py        how well a target does what rules ask for, by name
    value_forms.py    the forms of values, by name
    used_forms.py     which of them a rule uses
    edge_rules.py     the rules of edge behaviour, E1 to E39, by number
    uses.py           what rules ask for, each with its line
    findings.py       what rules use and a table does not support, as diagnostics
    target.py         `Target` and its `Job`
    foreign.py        targets of other packages: what is wrong with one is an error that names it
    registry.py       targets by name, those of other packages too
    purge_tag.py      how a purge tag is written into a header
    quoting.py        text of other languages, and templates that print nothing else
    field_patterns.py    expressions for header fields that engines read by themselves
    origin_addresses.py  origins without an address
    manifest_text.py  the text of cache-manifest.js
    site_files.py     what pages request of the browser part, with the headers of each file
    page_navigation.py   what pages learn about the likely next pages
    page_rules.py     the rules as JavaScript for pages, which compile no manifest
    ruleset/          ruleset.json
    manifest/         cache-manifest.js
    speculation/      Speculation Rules for browsers
    nginx/            a configuration for nginx
    varnish/          VCL for Varnish Cache and Vinyl Cache
    worker/           an ES module for Cloudflare Workers, Node, Deno and Bun
    embedded.py       the support table of the embedded edge, which serves the rules as they are

A target imports no other target and not the registry.
"""

from prefetchrouter.targets.artifact import Artifact
from prefetchrouter.targets.support import FULL, Support, SupportTable, approximate, full, none
from prefetchrouter.targets.target import Job, Target

__all__ = ["FULL", "Artifact", "Job", "Support", "SupportTable", "Target", "approximate", "full", "none"]
