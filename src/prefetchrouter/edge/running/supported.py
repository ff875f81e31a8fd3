"""Which features the embedded edge has, and what to tell about rules that use others.

`docs/edge-features.md` is made from the table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prefetchrouter.errors import Diagnostic, did_you_mean, shown
from prefetchrouter.rules.features import Features, Section, items, written
from prefetchrouter.rules.walk import applied

if TYPE_CHECKING:
    from prefetchrouter.rules.rule import HasRules


@dataclass(frozen=True, slots=True)
class Support:
    """What the edge makes of a feature.

    Args:
        is_done: Whether it does what the feature says.
        how: How, or why not and what there is instead; one line.
    """

    is_done: bool
    how: str


_DONE = {
    "access.deny_access": "403, without cache and origin (E28)",
    "caching.bypass_cache": "nothing is kept, and nothing is answered from the cache (E9)",
    "caching.bypass_client_cache": "written when the response goes out (E23)",
    "caching.cache_control_header_treatment": "written when the response goes out (E23)",
    "caching.cache_key": "all of its options (E13)",
    "caching.cache_key_query_string": "all of its options; `cache_key` goes first",
    "caching.cache_key_rewrite": "path and query of the key are rewritten, not those for the origin",
    "caching.cacheable_request_body_size": "the largest body of a POST or PUT that is kept (E8)",
    "caching.cacheable_status_codes": "the statuses to which `max_age` and the origin's times apply (E11)",
    "caching.enable_caching_for_methods": "POST and PUT, with the body as part of the key (E8)",
    "caching.expires_header_treatment": "written when the response goes out (E23)",
    "caching.honor_no_cache_request_header": "the origin is asked, and its answer may replace the copy (E9)",
    "caching.ignore_origin_no_cache": "`private`, `no-store` and `no-cache` are overruled (E10)",
    "caching.ignore_unsatisfiable_ranges": "the whole instead of a 416 (E24)",
    "caching.partial_cache_sharing_min_hit_size": "bodies of any size are shared while they are stored (E19)",
    "caching.prevalidate_cached_content": "the copy is used, and a refresh begins (E18)",
    "caching.refresh_zero_byte_cache_files": "an empty copy counts as expired (E18)",
    "caching.revalidate_after_origin_unavailable": "how long after its end a copy may still serve (E17)",
    "caching.revalidate_while_stale_timer": "how long a failed origin is not asked again (E17)",
    "caching.client_max_age": "written when the response goes out (E23)",
    "caching.default_internal_max_age": "the time of answers that come without one (E11)",
    "caching.max_age": "the time of a copy, by status (E11)",
    "caching.service_worker_max_age": "sent as `x-sw-cache-control`, never with a 412 (E7)",
    "caching.stale_on_error": "an expired copy serves when the origin fails (E17)",
    "caching.stale_while_revalidate": "the copy at once, and one refresh in the background (E15)",
    "headers.add_response_headers": "written when the response goes out (E23)",
    "headers.age_response_header": "`Age` is sent with every copy (E14), unless it is set to false",
    "headers.debug_header": "a request may ask by `x-ec-debug` what the cache made of it",
    "headers.remove_origin_response_headers": "before the answer is kept (E23)",
    "headers.remove_response_headers": "when the response goes out (E23)",
    "headers.set_client_ip_custom_header": "the address of the client's connection",
    "headers.set_origin_response_headers": "before the answer is kept (E23)",
    "headers.set_request_headers": "on the request to the origin",
    "headers.set_response_headers": "written when the response goes out (E23)",
    "nel.disabled": "the edge asks nobody to report network errors, whatever is set",
    "origin.origin_failover_codes": "the next host of the origin is asked",
    "origin.proxy_special_headers": "of the headers that the edge adds (E3), only these",
    "origin.read_idle_timeout": "the longest silence between two pieces of an answer",
    "origin.set_origin": "one of those given to `serve` with `--origin`",
    "response.allow_prefetching_uncached_content": "no 412: a prefetch is fetched like any request (E6)",
    "response.compress_content_types": "with gzip (E25)",
    "response.set_done": "without the cache and without the origin (E28)",
    "response.set_response_body": "the text, its variables filled in (E28)",
    "response.set_status_code": "a number from 200 on, or a text whose variables give one",
    "url.follow_redirects": "by GET, under the rules for where it leads (E31); other hosts give a 404",
    "url.url_redirect": "without the cache and without the origin (E28)",
    "url.url_rewrite": "rules are then read again for the new path",
    "comment": "a note; it changes nothing",
    "set_variables": "kept for edge functions, of which there are none",
}

_NOT_DONE = {
    "access.token_auth": "no token is checked: the edge would serve everybody",
    "access.token_auth_denial_code": "no token is checked",
    "access.token_auth_ignore_url_case": "no token is checked",
    "access.token_auth_parameter": "no token is checked",
    "access.token_auth_keys": "no token is checked",
    "caching.add_early_hints": "no 103 is sent; set a `link` response header",
    "caching.bandwidth_throttling": "bodies are sent as fast as clients take them",
    "caching.enable_early_hints": "no 103 is sent; `link` headers of the origin go through",
    "caching.h264_support": "videos are files like others; byte ranges seek in them",
    "caching.h264_support_video_seek_params": "videos are files like others; byte ranges seek in them",
    "caching.allow_empty_query_in_cache_key": "reserved; nobody says what it means",
    "caching.first_hit_caching": "reserved; a response is kept at its first request",
    "caching.streaming_optimization": "live streams are cached as their rules and origin say",
    "caching.purge_tags": "nothing is purged by tags; a new start empties the cache",
    "client.quic": "reserved; clients connect by HTTP/1.1",
    "headers.server_timing_header": "reserved; the page of requests tells the cache status",
    "logs.custom_log_field_format": "there is no access log, but a line in the terminal",
    "logs.custom_field": "there is no access log, but a line in the terminal",
    "logs.log_query_string": "there is no access log; the terminal shows whole addresses",
    "logs.mask_client_subnet": "there is no access log, but a line in the terminal",
    "mtls.forward_client_certificate_to_origin": "reserved; no client is asked for a certificate",
    "origin.max_keep_alive_requests": "connections to origins are kept as long as both sides like",
    "response.optimize_images": "images are sent as the origin made them",
    "response.retry_from_hostname": "reserved; list several hosts for an origin",
    "edge_function": "no JavaScript runs at this edge",
}

SUPPORT = {
    **{name: Support(True, how) for name, how in _DONE.items()},
    **{name: Support(False, why) for name, why in _NOT_DONE.items()},
}
"""What the edge makes of each feature, by names such as ``"caching.max_age"``."""


def unsupported(rules: HasRules, without: Collection[str] = ()) -> list[Diagnostic]:
    """Return what is wrong with serving rules: each use of a feature that the edge does not have.

    What rules set to false or leave empty asks for nothing, and counts as no use.

    Args:
        rules: A `RuleSet` or a `Router`.
        without: The names of features that the edge may leave out, such as ``"response.optimize_images"``.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().match("/images/:path*", lambda route: route.optimize_images())
        >>> [found.code for found in unsupported(router)], unsupported(router, ["response.optimize_images"])
        (['edge-feature'], [])
    """
    found = [diagnostic for name in without if (diagnostic := _wrong_name(name)) is not None]
    for number, rule in enumerate(rules.rules):
        for apply in applied(rule):
            for name, value in _used(apply.features):
                if SUPPORT[name].is_done or name in without or _asks_for_nothing(value):
                    continue
                diagnostic = Diagnostic(
                    "edge-feature",
                    f"{name}: this edge does not have it ({SUPPORT[name].how})",
                    apply.source,
                    hint=f"--without {name} serves without it",
                )
                found.append(diagnostic if apply.source else diagnostic.within(f"rules[{number}]"))
    return list(dict.fromkeys(found))


def _wrong_name(name: str) -> Diagnostic | None:
    if name not in SUPPORT:
        hint = did_you_mean(name, SUPPORT) or "docs/edge-features.md lists all of them"
        return Diagnostic("edge-feature", f"--without {name}: {shown(name)} is not a feature", hint=hint)
    if SUPPORT[name].is_done:
        return Diagnostic("edge-feature", f"--without {name}: this edge has it", hint="leave the option out")
    return None


def _used(features: Features) -> Iterator[tuple[str, object]]:
    for name, part in items(features):
        if isinstance(part, Section):
            for own, value in items(part):
                yield f"{name}.{own}", value
        else:
            yield name, part


def _asks_for_nothing(value: object) -> bool:
    return value is False or written(value) in ("", [], {})
