"""The files of the target `nginx`: complete, the same each time, and accepted by nginx."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import machine
from prefetchrouter import Router, build
from prefetchrouter.authoring.loader import load
from prefetchrouter.errors import UnsupportedError
from prefetchrouter.output.building import Build, write
from prefetchrouter.targets.nginx import NginxTarget, Options

EXAMPLE = Path(__file__).parents[3] / "examples" / "routes.py"


def built(router: Router, **options: object) -> Build:
    """Return a build with an origin at an address."""
    given: dict[str, object] = {"origins": {"": "http://127.0.0.1:9"}, **options}
    return build(router, targets=[NginxTarget(Options(**given))])  # type: ignore[arg-type]


def check(made: Build, folder: Path) -> str:
    """Return what nginx finds wrong."""
    write(made, folder)
    done = subprocess.run(
        ["sh", str(folder / "nginx" / "run.sh"), "check"],
        env={"NGINX_PROGRAM": machine.nginx() or "nginx", "PATH": "/usr/sbin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr


def test_equal_rules_give_equal_files_wherever_they_are(tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "routes.py"
    copy.parent.mkdir()
    copy.write_text(EXAMPLE.read_text())
    first, second = (build(load(path).rule_set, targets="nginx").files for path in (EXAMPLE, copy))
    assert first == second


def test_lines_of_the_rules_are_comments(tmp_path: Path) -> None:
    rules = build(load(EXAMPLE).rule_set, targets="nginx")["nginx/prefetchrouter/rules.conf"]
    number = next(n for n, line in enumerate(EXAMPLE.read_text().splitlines(), 1) if '"/pages/:id"' in line)
    assert f"# routes.py:{number}\n" in rules


def test_the_files_of_the_browser_part_are_laid_out() -> None:
    paths = {file.path for file in build(load(EXAMPLE).rule_set, targets="nginx").files}
    assert "nginx/prefetchrouter/site/__edgio__/cache-manifest.js" in paths
    assert "nginx/prefetchrouter/site/__edgio__/prefetch/install.js" in paths


def test_what_nginx_cannot_do_is_an_error_with_its_line() -> None:
    router = Router().match("/a", response={"optimize_images": True})
    with pytest.raises(UnsupportedError, match=r"test_nginx_target\.py:\d+: .*response\.optimize_images"):
        built(router)


def test_ten_thousand_rules_of_one_form_need_few_variables() -> None:
    router = Router()
    for number in range(2000):
        router = router.get(f"/p{number}/:id", caching={"max_age": f"{number + 1}s"})
    rules = built(router)["nginx/prefetchrouter/rules.conf"]
    assert len(re.findall(r"^map ", rules, re.M)) < 60
    assert rules.count(':1" v') >= 2000


@pytest.mark.needs("nginx")
def test_nginx_takes_the_files_of_the_example(tmp_path: Path) -> None:
    rules = load(EXAMPLE).rule_set
    made = build(
        rules,
        targets=[NginxTarget(Options(origins={"web": "http://127.0.0.1:9", "api": "http://127.0.0.1:9"}))],
    )
    assert check(made, tmp_path) == ""


@pytest.mark.needs("njs")
@pytest.mark.parametrize("length", [10, 12, 13, 26, 33, 80, 300])
def test_names_of_any_length_are_accepted(length: int, tmp_path: Path) -> None:
    """PCRE2 has a limit for names of groups, nginx one for those of variables."""
    name = "a_-b"[: length % 4 + 1] + "c" * (length - length % 4 - 1)
    group = "g" * min(length, 32)
    router = Router().match(
        {
            "path": re.compile(f"^/(?P<{group}>a)/b"),
            "cookies": {name: re.compile("a.")},
            "query": {name: re.compile("b.")},
            "headers": {name.replace("_", "-"): re.compile("c.")},
        },
        headers={"set_response_headers": {"x-a": f"%{{cookie_{name}}} %{{arg_{name}}}"}},
        caching={"cache_key": {"include_cookies": [name]}, "max_age": "1h"},
    )
    assert check(built(router), tmp_path) == ""
