"""An earlier commit of this repository, laid beside the tree with the libraries that it was locked to."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from pathlib import Path

from benchmarks.serving.processes import Installed

COMMIT = "0faeaf8"
"""What today's figures are compared with: before misses and builds were made cheaper."""


def installed(folder: Path) -> Installed:
    """Lay the commit's files into a folder, and install its libraries there.

    Raises:
        SystemExit: The repository does not have the commit, or the libraries cannot be installed.
    """
    root = Path(__file__).parents[1]
    command = ["git", "-C", str(root), "archive", COMMIT, "src", "requirements/run.txt"]
    found = subprocess.run(command, capture_output=True, check=False)
    if found.returncode != 0:
        raise SystemExit(f"commit {COMMIT} is needed for the comparison: {found.stderr.decode().strip()}")
    with tarfile.open(fileobj=io.BytesIO(found.stdout)) as archive:
        archive.extractall(folder, filter="data")
    python = folder / "venv" / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", str(folder / "venv")],
        [str(python), "-m", "pip", "install", "-qqr", str(folder / "requirements" / "run.txt")],
    ):
        if subprocess.run(command, check=False).returncode != 0:
            raise SystemExit(f"the libraries of commit {COMMIT} are needed for the comparison")
    return Installed(python, folder / "src")
