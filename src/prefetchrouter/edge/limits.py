"""How much the edge takes: sizes in bytes, times in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the resources that one client or origin can use.

    Args:
        cache_bytes: The size of the cache, headers included; the least recently used responses are
            evicted.
        object_bytes: The largest body that is stored; larger ones pass through.
        under_way_bytes: With this many bytes being written to the cache, bodies above
            `buffered_bytes` pass through.
        variants: Stored responses per cache key (RFC 9111, section 4.1).
        header_bytes: The largest head of a request or response.
        request_body_bytes: The largest body of a request.
        buffered_bytes: How far an origin may run ahead of a slow client.
        connections: Concurrent client connections.
        origin_connections: Concurrent connections to one host of an origin.
        connect_seconds: To connect to an origin.
        answer_seconds: Until the head of an origin's response.
        silence_seconds: Between two chunks of an origin's body.
        request_head_seconds: Until a client has sent the head of its request.
        request_body_seconds: Between two chunks of a client's body.
        idle_seconds: Between two requests on one connection.
        write_seconds: For a client to accept the next chunk of a response.
        uncacheable_seconds: Hit-for-miss: how long requests for a key are not coalesced after a
            response could not be stored.
        shutdown_seconds: To finish open requests when the edge stops.
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
