"""Load from `wrk`: one thread, 32 connections. It asks faster than any of the engines answers."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import NamedTuple


class Load(NamedTuple):
    """What came of a run.

    Args:
        a_second: Responses a second.
        requests: How many there were.
        others: How many of them had a status outside 200 to 399.
        errors: Connections that failed, timeouts, and responses that could not be read.
    """

    a_second: float
    requests: int
    others: int
    errors: int


def parsed(text: str) -> Load:
    """Read what `wrk` prints.

    Raises:
        ValueError: It is not a report of `wrk`.

    Example:
        >>> parsed("  9000 requests in 1.00s, 3.00MB read\\nRequests/sec:   8990.50\\n")
        Load(a_second=8990.5, requests=9000, others=0, errors=0)
    """
    rate = re.search(r"^Requests/sec:\s+([\d.]+)$", text, re.M)
    requests = re.search(r"^\s*(\d+) requests in ", text, re.M)
    if rate is None or requests is None:
        raise ValueError(f"not a report of wrk: {text!r}")
    others = re.search(r"^\s*Non-2xx or 3xx responses: (\d+)$", text, re.M)
    failed = re.search(r"^\s*Socket errors: (.*)$", text, re.M)
    errors = sum(map(int, re.findall(r"\d+", failed[1]))) if failed else 0
    return Load(float(rate[1]), int(requests[1]), int(others[1]) if others else 0, errors)


def load(port: int, target: str, seconds: float, host: str, *, refused: bool = False) -> Load:
    """Ask for one target as fast as it goes.

    Args:
        port: Of a server on this machine.
        target: Path and query.
        seconds: For how long, in whole seconds.
        host: The Host of requests: that of the site, as those of visitors have it.
        refused: Whether each response has to be a refusal; else none may be.

    Raises:
        SystemExit: `wrk` is not installed, or responses are not as they have to be.
    """
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is needed: apt-get install wrk")
    url = f"http://127.0.0.1:{port}{target}"
    command = ["wrk", "-t1", "-c32", f"-d{seconds:.0f}s", "-H", f"Host: {host}", url]
    found = parsed(subprocess.check_output(command, encoding="utf-8"))
    if found.errors or found.others != (found.requests if refused else 0):
        raise SystemExit(f"{target}: the responses are not as they have to be: {found}")
    return found
