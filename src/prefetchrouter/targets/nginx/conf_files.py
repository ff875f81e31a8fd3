"""Prints the files of the target: the settings of rules as variables, and the templates that read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from prefetchrouter.http_cache.spoofable import HEADER_GROUPS
from prefetchrouter.lowering import lower
from prefetchrouter.rules.property import Property
from prefetchrouter.rules.property_settings import keeps_encoded_slashes, refuses_path_parameters
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.targets.field_patterns import LIST
from prefetchrouter.targets.nginx.book import BookLine, Map
from prefetchrouter.targets.nginx.conf_text import ConfText, key, literal, pattern, quoted
from prefetchrouter.targets.nginx.early_words import EarlyWords
from prefetchrouter.targets.nginx.late_words import LateWords
from prefetchrouter.targets.nginx.nginx_upstreams import upstreams_of
from prefetchrouter.targets.nginx.origin_words import OriginWords
from prefetchrouter.targets.site_files import SiteFile
from prefetchrouter.version import VERSION

_FOLDER: Final = Path(__file__).parent
_INNER: Final = ("keep", "none", "stored", "forget", "gone", "failing", "failed", "lost", "carried")
_ABOUT_BODIES: Final = (
    "Content-Encoding", "Content-Language", "Content-Location", "Content-Disposition", "Content-MD5",
    "SOAPAction",
)  # fmt: skip
_SCRIPTS: Final = ("targets", "keeping", "responses", "addresses", "keys", "texts")
_INTERNAL: Final = (
    "X-Pr-Cc", "X-Pr-Expires", "X-Pr-Time", "X-Pr-Own", "X-Pr-Client-Expires", "X-Pr-Ttl", "X-Pr-Status",
    "X-Pr-Tags",
)  # fmt: skip
_MADE_HERE: Final = frozenset({"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"})
_ENDINGS: Final = (
    "for",
    "host",
    "proto",
    "port",
    "server",
    "scheme",
    "ssl",
    "prefix",
    "by",
    "uri",
    "path",
    "method",
)


@dataclass(frozen=True, slots=True)
class Options:
    """How the configuration is to be.

    Args:
        listen: What stands behind ``listen`` of the server.
        origins: URLs by the names of origins, which go first; ``""`` is the default.
        scheme: The scheme of the site as clients see it; None for that of the connection.
        inner: Where the servers inside listen: the first of nine ports of 127.0.0.1, or a folder of sockets.
        user: The user of the worker processes; None for nginx's own choice.
        workers: How many worker processes, or ``"auto"``.
        cache_size: The largest size of the cache on disk.
        access_log: What stands behind ``access_log``.
        error_log: Where errors are logged.
        cache_status: Whether responses have `Cache-Status`.
        facts: Facts about every visitor, such as ``{"location.country": "DE"}``.
        keys_size: The memory for keys: a megabyte holds about 8,000.
        answer_seconds: How long an origin may be silent, in whole seconds.
    """

    listen: str = "8080"
    origins: Mapping[str, str] = field(default_factory=dict)
    scheme: str | None = None
    inner: int | str = 9411
    user: str | None = None
    workers: str = "auto"
    cache_size: str = "1g"
    keys_size: str = "32m"
    answer_seconds: int = 60
    access_log: str = "access.log prefetchrouter"
    error_log: str = "error.log"
    cache_status: bool = True
    facts: Mapping[str, str] = field(default_factory=dict)


class _Settings(EarlyWords, LateWords, OriginWords):
    """The words of all phases."""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        undefined=StrictUndefined,
        finalize=_checked,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


def _checked(found: object) -> object:
    """Return what a template prints; a plain text is refused, since it could leave its place."""
    if isinstance(found, ConfText | int):
        return found
    raise TypeError(f"{found!r} is not quoted for nginx")


def printed(template: str, /, **words: Any) -> str:
    """Return the text of a template.

    Example:
        >>> printed("cached.conf.j2").splitlines()[2]
        'proxy_cache prefetchrouter;'
    """
    return _environment().get_template(template).render(**words)


def files(rule_set: RuleSet, served: Mapping[str, SiteFile], options: Options) -> dict[str, str]:
    """Return the text of each file by its path.

    Args:
        rule_set: The rules.
        served: The files of the browser part, by their paths.
        options: How the configuration is to be.
    """
    lowered = lower(rule_set)
    site = rule_set.property
    upstreams = upstreams_of(site, options.origins)
    settings = _Settings(lowered, upstreams, _defaults(site, options.origins), options.facts)
    settings.words["cache_status"] = ConfText("$pr_cache_status") if options.cache_status else None
    settings.add_early()
    settings.add_late()
    settings.add_origins()
    words = _words(settings, site, options, served)
    made = {"nginx.conf": printed("nginx.conf.j2", **words), "run.sh": printed("run.sh.j2", **words)}
    for name in (
        "http",
        "server",
        "rules",
        "cached",
        "stored",
        "plain",
        "client",
        "origin",
        "failures",
        "inside",
    ):
        made[f"prefetchrouter/{name}.conf"] = printed(f"{name}.conf.j2", **words)
    made["prefetchrouter/edge.js"] = _script(settings.book.functions)
    made["prefetchrouter/digits.conf"], made["prefetchrouter/borrowed.conf"] = _digits()
    for path, file in served.items():
        made[f"prefetchrouter/site{path}"] = file.text
    return made


def _words(
    settings: _Settings, site: Property | None, options: Options, served: Mapping[str, SiteFile]
) -> dict[str, Any]:
    """Return all that the templates are given."""
    upstreams = settings.upstreams
    longest_map = max((len(found.entries) for found in settings.book.maps), default=0)
    return {
        **settings.words,
        "nothing": ConfText(""),
        "invalid": ConfText("/__edgio__/invalid-request"),
        "says_cache_status": options.cache_status,
        "list": pattern(LIST),
        "ignored": ConfText(
            "proxy_ignore_headers X-Accel-Redirect X-Accel-Limit-Rate X-Accel-Buffering X-Accel-Charset;"
        ),
        "origins": upstreams,
        "functions": [ConfText(name) for name in settings.book.functions],
        "inner": _inner(options.inner),
        "scheme": ConfText(options.scheme or "$scheme"),
        "hosts": _hosts(site),
        "first_host": ConfText(
            next((host for host in _hosts(site) if not host.startswith("*")), "localhost")
        ),
        "keeps_slashes": ConfText("1" if keeps_encoded_slashes(site) else "0"),
        "refuses_parameters": refuses_path_parameters(site),
        "forgotten": [
            (ConfText("forget"), ConfText("$pr_kept"), ConfText("forget_first")),
            (ConfText("forget_first"), ConfText("$pr_gone_first"), ConfText("forget_second")),
            (ConfText("forget_second"), ConfText("$pr_gone_second"), ConfText("")),
        ],
        "about_bodies": [ConfText(name) for name in _ABOUT_BODIES],
        "unknown_host": ConfText("$pr_is_elsewhere" if _hosts(site) else ""),
        "borrowed": [ConfText("0"), *(ConfText(f"$pr_r{digit}") for digit in range(6))],
        "spoofable": _spoofable(settings),
        "tls": any(found.scheme != "http" for found in upstreams),
        "next_upstream": ConfText(
            "error timeout" if any(len(found.servers) > 1 for found in upstreams) else "off"
        ),
        "internal": [ConfText(name) for name in _INTERNAL],
        "site": list(_site(served)),
        "routes": ConfText(_routes(settings)),
        "name": ConfText((site and site.name) or "prefetchrouter"),
        "version": ConfText(VERSION),
        "least_version": ConfText("1.22"),
        "listen": ConfText(options.listen),
        "user": ConfText(options.user) if options.user else None,
        "workers": ConfText(options.workers),
        "cache_size": ConfText(options.cache_size),
        "access_log": ConfText(options.access_log),
        "error_log": ConfText(options.error_log),
        "keys_size": ConfText(options.keys_size),
        "answer_seconds": options.answer_seconds,
        "maps": _ordered(settings.book.maps),
        "comments": [ConfText(_comment(text)) for text in settings.comments()],
        "hash_size": max(4096, 2 * longest_map),
        "bucket_size": _bucket_size(settings),
        **_starts(settings.dispatch.segments),
        "paths": [BookLine(key(text), ConfText(name)) for text, name in settings.dispatch.paths.items()],
    }


def _starts(names: Mapping[str, str]) -> dict[str, Any]:
    """Return what names the first segments of paths, and how many segments are looked at.

    Args:
        names: The name of each segment, or of several with slashes between them.
    """
    return {
        "segments": [BookLine(key(text), ConfText(name)) for text, name in names.items() if "/" not in text],
        "lengths": range(2, 2 + max((text.count("/") for text in names), default=0)),
        "repeated": lambda count: ConfText(f"{{{count}}}"),
    }


def _bucket_size(settings: _Settings) -> int:
    """Return the smallest size of a bucket that takes the longest key: larger ones are slower to search."""
    keys_of_maps = [len(entry.key.encode()) for found in settings.book.maps for entry in found.entries]
    longest = max([*keys_of_maps, *(len(text.encode()) for text in settings.dispatch.paths)], default=0)
    return 1 << max(7, (longest + 32).bit_length())


def _ordered(maps: list[Map]) -> list[Map]:
    """Return maps with their comments as nginx reads them."""
    return [
        Map(
            ConfText(found.name),
            found.source,
            tuple(
                BookLine(
                    entry.key,
                    entry.value,
                    ConfText(f"  # {_comment(entry.comment)}" if entry.comment else ""),
                )
                for entry in found.entries
            ),
            found.default,
            ConfText(_comment(found.comment)),
            ConfText(found.word),
        )
        for found in maps
    ]


def _comment(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _script(functions: Mapping[str, str]) -> str:
    text = "\n".join((_FOLDER / "files" / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)
    code = "".join(
        f"\nfunction {name}(r) {{\n    {body.replace(chr(10), chr(10) + '    ')}\n}}\n"
        for name, body in functions.items()
    )
    exported = [
        "target", "seen_path", "merged_path", "seen_origin_path", "merged_origin_path", "seen_query",
        "seen_origin_query", "stripped", "rewritten", "kept_location", "redirected", "key_query",
        "key_target", "client_expires", "referring_domain", "keep", "made", "client", "selected", "body",
        "part", "small", "carried_method", "carried_body", "carried_type", "carried_target",
        "gone_location", "gone_content_location",
    ]  # fmt: skip
    return f"{text}{code}\nexport default {{{', '.join([*exported, *functions])}}};\n"


def _digits() -> tuple[str, str]:
    digits, borrowed = [], []
    for carry in (0, 1):
        for stored in range(10):
            for now in range(10):
                difference = now - stored - carry
                digits.append(f"{carry}{stored}{now} {difference % 10};\n")
                borrowed.append(f"{carry}{stored}{now} {int(difference < 0)};\n")
    head = "# With what is borrowed, the digit of the time of storing, and that of now: "
    return (
        f"{head}their difference.\n{''.join(digits)}",
        f"{head}what is borrowed from the next.\n{''.join(borrowed)}",
    )


def _inner(where: int | str) -> dict[str, ConfText]:
    made: dict[str, ConfText] = {}
    for number, name in enumerate(_INNER):
        address = f"127.0.0.1:{where + number}" if isinstance(where, int) else f"unix:{where}/{name}.sock"
        made[name] = made[f"{name}_listen"] = ConfText(address)
    return made


def _defaults(site: Property | None, given: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for hostname in (site and site.hostnames) or ():
        if hostname.default_origin_name:
            found[hostname.hostname.lower()] = hostname.default_origin_name
    names = [origin.name for origin in (site and site.origins) or ()]
    if "" in given:
        found[""] = ""
    elif len(names) == 1:
        found[""] = names[0]
    elif len(given) == 1:
        found[""] = next(iter(given))
    return found


def _hosts(site: Property | None) -> list[ConfText]:
    return [ConfText(found.hostname.lower()) for found in (site and site.hostnames) or ()]


def _spoofable(settings: _Settings) -> list[ConfText]:
    names: dict[str, None] = {}
    names.update(dict.fromkeys(("proxy-authorization", "proxy-connection", "te", "trailer")))
    for group in HEADER_GROUPS:
        for name in group.names:
            if name.endswith("-*"):
                names.update(dict.fromkeys(f"{name[:-1]}{ending}" for ending in _ENDINGS))
            else:
                names[name.removesuffix("*")] = None
    ruled = {header.name for header in settings.request_headers.plain}
    return [ConfText(name) for name in sorted(set(names) - _MADE_HERE - ruled - {"expect"})]


def _routes(settings: _Settings) -> str:
    files = dict.fromkeys(
        leaf.source.file.rpartition("/")[2] for leaf in settings.client.leaves if leaf.source is not None
    )
    return _comment(", ".join(files) or "this site")


@dataclass(frozen=True, slots=True)
class _Served:
    path: ConfText
    words: ConfText


def _site(served: Mapping[str, SiteFile]) -> Iterator[_Served]:
    for path, file in served.items():
        headers = dict(file.headers)
        kind = headers.pop("content-type").partition(";")[0]
        added = " ".join(f"add_header {name} {quoted(text)} always;" for name, text in headers.items())
        is_known = quoted(f"(?:^|,)[ \\t]*(?:W/)?{literal(headers['etag'])}")
        yield _Served(
            ConfText(path),
            ConfText(
                f"root $pr_site; etag off; types {{}} default_type {kind}; charset utf-8; "
                f"charset_types {kind}; gzip on; gzip_vary on; gzip_types {kind}; {added} "
                f"if ($http_if_none_match ~ {is_known}) {{ return 304; }}"
            ),
        )
