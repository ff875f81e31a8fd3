"""The connection of a client builds upon the inside of one version of uvicorn, which is pinned exactly."""

from __future__ import annotations

import inspect
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

PINNED = "0.54.0"
ROOT = Path(__file__).parents[3]


def test_exactly_this_version_is_asked_for_locked_and_installed() -> None:
    """With another one, read `edge/clients/protocol.py` beside uvicorn's own first."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert f"uvicorn=={PINNED}" in asked["project"]["optional-dependencies"]["serve"]
    for name in ("run", "dev"):
        assert f"\nuvicorn=={PINNED} " in (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert version("uvicorn") == PINNED


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("connection_made", ["self", "transport"]),
        ("connection_lost", ["self", "exc"]),
        ("data_received", ["self", "data"]),
        ("pause_writing", ["self"]),
        ("resume_writing", ["self"]),
        ("on_message_begin", ["self"]),
        ("on_headers_complete", ["self"]),
        ("on_body", ["self", "body"]),
        ("on_message_complete", ["self"]),
        ("on_response_complete", ["self"]),
        ("_start_asgi_task", ["self", "cycle", "app"]),
        ("shutdown", ["self"]),
    ],
)
def test_what_is_overridden_is_there(name: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(HttpToolsProtocol, name)).parameters) == parameters


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (
            HttpToolsProtocol,
            ["logger", "access_log", "parser", "connections", "tasks", "pipeline", "server_state", "url",
             "headers", "cycle", "flow", "transport", "loop", "client"],
        ),
        (
            RequestResponseCycle,
            ["logger", "transport", "keep_alive", "disconnected", "response_started", "response_complete",
             "message_event"],
        ),
        (FlowControl, ["resume_reading", "pause_reading"]),
        (ServerState, ["total_requests", "connections", "tasks"]),
    ],
)  # fmt: skip
def test_what_is_read_of_it_is_there(owner: object, names: list[str]) -> None:
    source = inspect.getsource(owner)  # type: ignore[arg-type]
    assert [name for name in names if name not in source] == []


def test_there_is_a_status_line_for_each_refusal() -> None:
    assert {400, 408, 431, 501, 503} <= set(STATUS_LINE)
