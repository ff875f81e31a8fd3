"""Rewrites and redirects as statements of VCL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from prefetchrouter.evaluation.destination import OF_THE_URL, Destination
from prefetchrouter.http.url_text import encoded
from prefetchrouter.lowering.parts import Filled
from prefetchrouter.lowering.substitution import Captured, Substitution, TrailingSlash, WholeQuery
from prefetchrouter.targets.varnish.vcl_text import Vcl, joined, regex, string

PATH: Final = "req.http.pr_origin_uri"
SEEN: Final = "req.http.pr_origin_path"
JOINT: Final = Vcl('"\t"')
"""Where a text that was put in begins or ends: slashes meet there, so that only one of them stays."""

FillIn = Callable[[Filled], Vcl]


def new_url(to: Substitution, target: str, query: str, fill: FillIn, *, is_target: bool = False) -> list[str]:
    """Return statements that set a header of ours to a new URL, where the request's URL matches.

    Args:
        to: The new URL.
        target: The name of the header.
        query: The expression of the request's query.
        fill: Gives the expression of a variable.
        is_target: Whether it is path and query for an origin.
    """
    name = f"req.http.{target}"
    lines = [f"unset {name};"]
    if to.regex is None:
        return [*lines, *_of_pieces(to, name, None, query, fill, is_target)]
    if to.query == "both":
        whole = "req.http.pr_whole"
        lines += [
            f"set {whole} = {PATH};",
            f'if ({query} != "") {{ set {whole} = {whole} + "?" + {query}; }}',
        ]
        lines += _if(whole, to, _of_pieces(to, name, whole, query, fill, is_target))
        kept = [*_of_pieces(to, name, PATH, query, fill, is_target), *_add_query(name, query)]
        return [*lines, *_if(PATH, to, kept, "elsif")]
    for place, word in ((PATH, "if"), (SEEN, "elsif")):
        own = _of_pieces(to, name, place, query, fill, is_target)
        if to.query == "kept":
            own += _add_query(name, query)
        lines += _if(place, to, own, word)
    return lines


def _if(place: str, to: Substitution, own: list[str], word: str = "if") -> list[str]:
    assert to.regex is not None
    return [f"{word} ({place} ~ {regex(to.regex)}) {{", *(f"    {line}" for line in own), "}"]


def _add_query(name: str, query: str) -> list[str]:
    return [
        f'if ({query} != "") {{',
        f'    if ({name} ~ "\\?") {{ set {name} = {name} + "&" + {query}; }}',
        f'    else {{ set {name} = {name} + "?" + {query}; }}',
        "}",
    ]


def _of_pieces(
    to: Substitution, name: str, place: str | None, query: str, fill: FillIn, is_target: bool
) -> list[str]:
    if all(isinstance(piece, str) for piece in to.pieces):
        made = Destination(is_target=is_target)
        made.add_text("".join(map(str, to.pieces)))
        url = made.url()
        return [] if url is None else [f"set {name} = {string(url)};"]
    parts = list(_expressions(to, place, query, fill))
    lines = [f"set {name} = {joined(parts)};"]
    if JOINT in parts:
        # Slashes meet where a text was put in, except for those of a scheme.
        lines.append(f'set {name} = regsuball(regsuball({name}, "(?<!:)/\t+/*", "/"), "\t", "");')
    return lines


def _expressions(to: Substitution, place: str | None, query: str, fill: FillIn) -> Iterator[Vcl]:
    in_query = False
    for number, piece in enumerate(to.pieces):
        match piece:
            case str():
                yield string(encoded(piece))
                in_query = in_query or "?" in piece
            case Captured(group=group, before=before, with_text_only=with_text_only):
                assert place is not None
                found = captured(to, place, group)
                if before and with_text_only:
                    yield Vcl(f'regsub({found}, "^(.+)\\z", "{before}\\1")')
                    continue
                if before:
                    yield string(before)
                if not to.is_pattern and not in_query:
                    yield JOINT
                    yield found
                    yield JOINT
                else:
                    yield found
            case TrailingSlash(group=group):
                assert place is not None
                yield JOINT
                yield captured(to, place, group)
            case WholeQuery():
                yield Vcl(f'regsub({query}, "^(.+)\\z", "{"&" if in_query else "?"}\\1")')
            case Filled():
                made = fill(piece)
                if number and piece.name not in OF_THE_URL:
                    # Data stays in its place: it begins no other part of the URL.
                    made = Vcl(
                        f'regsuball(regsuball(regsuball({made}, " ", "%20"), "[?]", "%3F"), "#", "%23")'
                    )
                yield made


def captured(to: Substitution, place: str, group: int) -> Vcl:
    """Return the expression of what a group finds."""
    return Vcl(f'regsub({place}, {whole_regex(to)}, "\\{group}")')


def whole_regex(to: Substitution) -> Vcl:
    """Return the expression of a source so that it takes in all of the text."""
    expression = to.regex or ""
    if to.is_pattern:
        return regex(expression)
    flags = "(?i)" if expression.startswith("(?i)") else ""
    return regex(f"{flags}^.*?(?:{expression.removeprefix(flags)}).*$")
