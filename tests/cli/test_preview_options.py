"""When `serve` shows pages in their preview: script tag and prefetches for browsers on this machine."""

from __future__ import annotations

import argparse

import pytest

from prefetchrouter.cli import serve


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--origin", "."], (True, True)),
        (["--origin", ".", "--listen", "::1"], (True, True)),
        (["--origin", ".", "--listen", "0.0.0.0"], (False, False)),
        (["--origin", ".", "--no-warm"], (True, False)),
        (["--origin", ".", "--listen", "0.0.0.0", "--inject"], (True, False)),
        (["--example"], (False, False)),
        ([], (False, False)),
    ],
)
def test_only_an_origin_on_the_command_line_turns_the_preview_on(
    arguments: list[str], wanted: tuple[bool, bool]
) -> None:
    """In production an address is in the property, or the edge listens for other machines."""
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    parser.add_argument("--format")
    parser.add_argument("--debug")
    settings = serve.settings_of(parser.parse_args(arguments))
    assert (settings.inject, settings.warm) == wanted
