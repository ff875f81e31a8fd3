"""What `doctor` prints, for what is missing and for what is there."""

from __future__ import annotations

import json

from prefetchrouter.installation.doctor_text import doctor_data, doctor_text
from prefetchrouter.installation.examine import InstallationReport, Readiness
from prefetchrouter.installation.found_programs import Program
from prefetchrouter.installation.packages import Package
from prefetchrouter.report.table import Style

REPORT = InstallationReport(
    system={
        "prefetchrouter": "0.1.0", "folder": "/venv/prefetch\nrouter", "python": "3.11.2",
        "program": "/venv/bin/python", "platform": "Linux x86_64", "encoding": "utf-8",
    },
    packages=(
        Package("jinja2", "", ">=3.1", "3.1.6", is_right=True),
        Package("uvicorn", "serve", "==0.54.0", "0.40.0", is_right=False),
    ),
    engines=(
        Program("nginx", "engine", "/usr/sbin/nginx", "1.22.1", "no module", "apt"),
        Program("deno", "engine", None, install="npm install --global deno"),
    ),
    browsers=(),
    readiness=(
        Readiness("build", "build"),
        Readiness("serve", "serve", "not ready", ("uvicorn==0.54.0",), installs=('pip install "x[serve]"',)),
        Readiness("import", "import", "in part", ("crossplane",), "nginx", ("pip install crossplane",)),
    ),
)  # fmt: skip


def test_text_has_what_is_here_and_the_command_for_the_rest() -> None:
    assert doctor_text(REPORT, Style(enabled=False)) == (
        "prefetchrouter 0.1.0, in /venv/prefetch\\nrouter\n"
        "Python 3.11.2, /venv/bin/python, Linux x86_64, utf-8\n"
        "\n"
        "packages\n"
        "  always needed: jinja2 3.1.6\n"
        "  [serve]: missing: uvicorn==0.54.0 (0.40.0 is installed)\n"
        "\n"
        "engines\n"
        "  nginx  1.22.1  /usr/sbin/nginx (no module)\n"
        "  deno   -       not installed\n"
        "\n"
        "browsers\n"
        "  none\n"
        "\n"
        "ready\n"
        "  build\n"
        "\n"
        "missing\n"
        "  serve: uvicorn==0.54.0\n"
        '    pip install "x[serve]"\n'
        "  import (for nginx only): crossplane\n"
        "    pip install crossplane"
    )


def test_json_has_the_same() -> None:
    data = json.loads(json.dumps(doctor_data(REPORT)))
    assert data["system"]["folder"] == "/venv/prefetch\nrouter"
    assert data["packages"][1] == {
        "name": "uvicorn", "extra": "serve", "wanted": "==0.54.0", "version": "0.40.0", "is_right": False
    }  # fmt: skip
    assert data["engines"][1]["path"] is None
    assert data["commands"][2]["without"] == "nginx"
