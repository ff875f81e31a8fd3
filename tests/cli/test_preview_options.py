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
        (["--example"], (False, True)),
        (["--example", "--no-warm"], (False, False)),
        (["--example", "--listen", "0.0.0.0"], (False, False)),
        (["--example", "--engine", "node"], (False, False)),
        ([], (False, False)),
    ],
)
def test_only_what_the_command_line_serves_is_in_the_preview(
    arguments: list[str], wanted: tuple[bool, bool]
) -> None:
    """In production an address is in the property, or the edge listens for others. The shop has the tag."""
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    parser.add_argument("--format")
    parser.add_argument("--debug")
    settings = serve.settings_of(parser.parse_args(arguments))
    assert (settings.inject, settings.warm) == wanted
