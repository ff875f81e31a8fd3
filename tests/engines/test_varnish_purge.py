"""What `prefetchrouter purge` says to Varnish; that it is obeyed, the cases in tests/cases/purging show."""

from __future__ import annotations

from pathlib import Path

import pytest

from prefetchrouter.cli import main


def test_a_folder_of_another_target_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["purge", "--all", "--folder", str(tmp_path)]) == 2
    assert "[live-edge]" in (error := capsys.readouterr().err)
    assert "default.vcl" in error


@pytest.mark.needs("varnishd")
def test_a_program_that_does_not_run_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "default.vcl").touch()
    assert main(["purge", "--tag", "a", "--folder", str(tmp_path)]) == 2
    assert f"working folder {tmp_path / 'work'} does not take a ban" in capsys.readouterr().err


@pytest.mark.needs("varnishd")
def test_a_url_that_no_request_has_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "default.vcl").touch()
    for url in ("news", "/a/../b", "ftp://www.shop.example/"):
        assert main(["purge", "--url", url, "--folder", str(tmp_path)]) == 2
        assert "[live-edge]" in capsys.readouterr().err
