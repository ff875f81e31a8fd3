"""The rules of a table of redirects."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from prefetchrouter.authoring.arguments import check_redirect, helper_error
from prefetchrouter.authoring.chain import single
from prefetchrouter.authoring.criteria import Criteria, exact, to_branch_condition
from prefetchrouter.authoring.redirect_table.csv_lines import csv_lines
from prefetchrouter.authoring.redirect_table.given_lines import given_lines
from prefetchrouter.authoring.redirect_table.netlify_lines import netlify_lines
from prefetchrouter.authoring.redirect_table.shadowed_lines import without_shadowed
from prefetchrouter.authoring.redirect_table.table_files import lines_of
from prefetchrouter.authoring.redirect_table.table_line import TableLine
from prefetchrouter.authoring.redirect_table.table_redirects import (
    STATUSES,
    TableRedirect,
    WrongLine,
    redirect_of,
)
from prefetchrouter.authoring.rewrites import ANY_PATH, RulePath, redirect, rewrite
from prefetchrouter.errors import Diagnostic, RoutesError, RuleError, shown
from prefetchrouter.rules.condition_json import Warn
from prefetchrouter.rules.conditions import Condition, path_is
from prefetchrouter.rules.features import Features, features_from
from prefetchrouter.rules.host_names import is_host_name
from prefetchrouter.rules.pattern import check_pattern
from prefetchrouter.rules.rule import Apply, Rule
from prefetchrouter.source import Source


def table_rules(
    table: object, *, status_code: int, keep_query: bool, host: str | None, source: Source | None, warn: Warn
) -> list[Rule]:
    """Return the rules of a table, in reverse order: of rules the last wins, of lines the first.

    Args:
        table: The path of a file, a mapping, or pairs.
        status_code: The status of lines without one.
        keep_query: Whether the query is kept where a line does not say.
        host: The host of lines without one.
        source: The call; paths count from its folder.
        warn: Called with each warning.

    Raises:
        RuleError: An argument is wrong, or lines are; then `diagnostics` has an error for each of them.

    Example:
        >>> rules = table_rules(
        ...     {"/old": "/new"}, status_code=301, keep_query=True, host=None, source=None, warn=print
        ... )
        >>> rules[0].branches[0].rule.features.url.url_redirect.destination
        '/new%{is_args}%{query_string}'
    """
    check_redirect("redirects", status_code, keep_query=keep_query)
    if status_code not in STATUSES:
        raise helper_error(
            f"redirects(status_code={shown(status_code)})", expected="301, 302, 303, 307 or 308"
        )
    _check_host(host)
    problems: list[Diagnostic] = []
    redirects: list[TableRedirect] = []
    for line in _lines(table, source, problems):
        try:
            redirects.append(redirect_of(line, status_code, keep_query, host))
        except WrongLine as wrong:
            problems.append(wrong.found)
    rules: list[Rule] = []
    for found, shadowed in without_shadowed(redirects):
        if shadowed is not None:
            warn(shadowed)
            continue
        try:
            rules.append(_rule(found, warn))
        except RuleError as error:
            problems += error.at(found.source).diagnostics
    if problems:
        raise RoutesError(*sorted(problems, key=_place))
    rules.reverse()
    return rules


def _check_host(host: object) -> None:
    if host is not None and not (isinstance(host, str) and is_host_name(host)):
        raise helper_error(f"redirects(host={shown(host)})", expected='a host name such as "shop.example"')


def _place(found: Diagnostic) -> int:
    return found.source.line if found.source is not None else 0


def _lines(table: object, source: Source | None, problems: list[Diagnostic]) -> list[TableLine]:
    if not isinstance(table, str | os.PathLike):
        return list(given_lines(table, source, problems))
    name = os.fspath(table)
    if not isinstance(name, str) or not name or "\0" in name:
        raise helper_error(f"redirects({shown(name)})", expected="the path of a file")
    path = _folder(source) / name
    lines = lines_of(path, source, problems)
    read = csv_lines if path.suffix.lower() in (".csv", ".tsv") else netlify_lines
    return list(read(lines, str(path), problems))


def _folder(source: Source | None) -> Path:
    folder = Path(source.file).parent if source is not None else Path()
    return folder if folder.is_dir() else Path()


def _rule(found: TableRedirect, warn: Warn) -> Rule:
    condition = _condition(found, lambda warning: warn(warning.at(found.source)))
    apply = Apply(features=_features(found), source=found.source)
    return single(condition, apply, found.source)


def _condition(found: TableRedirect, warn: Warn) -> Condition:
    if found.host is None and not found.query and not found.is_exact:
        for warning in () if found.is_literal else check_pattern(found.pattern):
            warn(warning)
        return path_is(found.pattern)
    criteria: dict[str, Any] = {
        "path": exact(_exact_text(found.pattern)) if found.is_exact else found.pattern
    }
    if found.query:
        criteria["query"] = {name: re.compile(".") if value is None else value for name, value in found.query}
    if found.host is not None:
        criteria["variable"] = {"host": found.host}
    checked: Criteria = criteria  # type: ignore[assignment]
    return to_branch_condition(checked, warn)


def _exact_text(pattern: str) -> str:
    return re.sub(r"\\(.)", r"\1", pattern)


def _features(found: TableRedirect) -> Features:
    path = None if found.is_literal else RulePath.pattern(found.pattern)
    url: dict[str, Any] = {}
    if path is not None:
        url["url_rewrite"] = [rewrite(ANY_PATH, ANY_PATH.text)]
    url["url_redirect"] = redirect(path, found.to, found.status, keep_query=found.keeps_query)
    return features_from({"url": url})
