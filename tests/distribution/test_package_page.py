"""What a package index shows of the wheel: a page without dead links, true classifiers."""

from __future__ import annotations

import email
import re
import subprocess
import sys
import zipfile
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_FENCE = re.compile(r"^```.*?^```$", re.M | re.S)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    """Its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(archive.read(name))


def page(metadata: Message) -> str:
    """The text that the index shows."""
    assert metadata["description-content-type"] == "text/markdown"
    text = metadata.get_payload(decode=True)
    assert isinstance(text, bytes)
    return text.decode()


def test_no_link_and_no_picture_leads_to_a_file_of_the_repository(metadata: Message) -> None:
    shown = _FENCE.sub("", page(metadata))
    assert re.findall(r"\]\((?!https?://)[^)]*\)", shown) == []
    assert "![" not in shown
    assert "<img" not in shown


def test_the_text_is_that_of_the_readme(metadata: Message) -> None:
    """Each word, table and code block; of links only what they lead to is gone."""
    shown = page(metadata)
    assert _FENCE.findall(shown) == _FENCE.findall(README)
    links = re.compile(r"\[((?:`[^`]*`|[^\]\[`])+)\]\([^)\s]+\)")
    words = links.sub(r"\1", re.sub(r"(?m)^!\[.*\n\n", "", README))
    assert words.split() == links.sub(r"\1", shown).split()[: len(words.split())]
    assert shown.rstrip().endswith("are in the source distribution.")


def test_the_classifiers_name_the_python_that_these_tests_run_with(metadata: Message) -> None:
    """And no other: what is not tried is not claimed."""
    named = re.findall(r"Python :: (\d\.\d+)", " ".join(metadata.get_all("Classifier") or ()))
    assert named == [f"{sys.version_info.major}.{sys.version_info.minor}"]


def test_the_wheel_has_what_is_not_python(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "prefetchrouter/py.typed" in names
    assert any(name.startswith("prefetchrouter/static/") for name in names)
    assert any(name.endswith(".vcl.j2") for name in names)
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_the_program_has_the_name_of_the_package(wheel: Path) -> None:
    """So `uvx prefetchrouter` and `pipx run prefetchrouter` find it."""
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("/entry_points.txt")]
        assert "[console_scripts]\nprefetchrouter = " in archive.read(name).decode()
