"""How much the edge takes: sizes in bytes, times in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client or origin can cost.

    Args:
        cache_bytes: What all copies together may take, headers included; the longest unused go first.
        object_bytes: The largest body that is kept; larger ones pass through.
        under_way_bytes: With this much of bodies on their way into the cache, those above `buffered_bytes`
            pass through.
        variants: How many copies one cache key may have (RFC 9111, section 4.1).
        header_bytes: The largest head of a request or an answer.
        request_body_bytes: The largest body of a request.
        buffered_bytes: How far an origin may run ahead of a slow client.
        connections: How many clients may be connected at once.
        origin_connections: How many connections to one host of an origin there may be at once.
        connect_seconds: To reach an origin.
        answer_seconds: Until the head of an origin's answer is there.
        silence_seconds: Between two pieces of an origin's body.
        request_head_seconds: Until a client has sent the head of its request.
        request_body_seconds: Between two pieces of a client's body.
        idle_seconds: Between two requests of one connection.
        write_seconds: For a client to take the next piece of a response.
        uncacheable_seconds: How long requests for a key do not wait for each other after an answer to one of
            them could not be kept.
        shutdown_seconds: To finish what is under way when the edge stops.
    """

    cache_bytes: int = 256 * 1024 * 1024
    object_bytes: int = 32 * 1024 * 1024
    under_way_bytes: int = 256 * 1024 * 1024
    variants: int = 32
    header_bytes: int = 64 * 1024
    request_body_bytes: int = 100 * 1024 * 1024
    buffered_bytes: int = 1024 * 1024
    connections: int = 10_000
    origin_connections: int = 100
    connect_seconds: float = 5.0
    answer_seconds: float = 60.0
    silence_seconds: float = 30.0
    request_head_seconds: float = 10.0
    request_body_seconds: float = 30.0
    idle_seconds: float = 60.0
    write_seconds: float = 30.0
    uncacheable_seconds: float = 10.0
    shutdown_seconds: float = 10.0
