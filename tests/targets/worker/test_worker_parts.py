"""A worker.js has the modules of the runtime that its rules need, and answers as the whole runtime does."""

from __future__ import annotations

import base64
import gzip
import json
import random
import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import machine
from cases.runners.case import Ask, Case, Send
from cases.runners.reader import read
from prefetchrouter import Router, build
from prefetchrouter.authoring.loader import load
from prefetchrouter.catalog import FEATURES
from prefetchrouter.output.building import write
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.targets.worker import WorkerSettings, WorkerTarget
from prefetchrouter.targets.worker import worker_parts as parts

CASES = Path(__file__).parents[2] / "cases"
SETTINGS = WorkerSettings(origins={"": "http://origin.invalid"}, scheme="http")
OF_EACH = 2
"""How many cases are compared of those that need the same modules."""
MIXTURES = 80
"""How many mixtures of rules are compared."""


def names_in(text: str) -> list[str]:
    """Return the names of the modules in a worker.js."""
    listed = text.partition("The modules:\n")[2].partition("const DATA")[0]
    return listed.replace("//", " ").split()


def names_with(part: str) -> list[str]:
    """Return the names of the modules of a runtime with one optional module."""
    return [one.name for one in parts.chosen([part])]


def runtime_with(found: Iterable[str] | None) -> str:
    """Return the code of a runtime with some optional modules, or with all."""
    return "".join(f"{one.text}\n" for one in parts.chosen(found))


def worker_of(router: Router) -> str:
    files = build(router, targets=[WorkerTarget(SETTINGS)]).files
    return next(file.text for file in files if file.path == "worker/worker.js")


def optional_modules() -> set[str]:
    return {one.name for one in parts.modules() if one.name.startswith("optional/")}


def test_rules_without_redirects_have_no_code_for_redirects() -> None:
    plain = worker_of(Router().match("/a", caching={"max_age": "1h"}))
    moved = worker_of(Router().match("/a", lambda route: route.redirect("/b")))
    assert "optional/redirecting" not in names_in(plain)
    assert {"optional/redirecting", "optional/rewriting", "optional/destination"} <= set(names_in(moved))


def test_a_site_without_rules_needs_cache_status_alone() -> None:
    found = {name for name in names_in(worker_of(Router())) if name.startswith("optional/")}
    assert found == {"optional/cacheStatus"}


def test_the_runtime_without_rules_does_not_grow() -> None:
    """The aim is 6 kB; docs/targets.md says what the bytes are for."""
    text = runtime_with(["cacheStatus"])
    assert 13_000 < len(gzip.compress(text.encode(), 9, mtime=0)) < 17_500


@pytest.mark.needs("worker")
def test_rules_without_the_module_that_decides_by_them_do_not_start(tmp_path: Path) -> None:
    """An edge that ignores a rule, such as one that denies access, is worse than none."""
    router = Router().match("/a", access={"deny_access": True})
    write(build(router, targets=[WorkerTarget(SETTINGS)]), tmp_path)
    module = tmp_path / "worker" / "worker.js"
    data = module.read_text().partition("\n};\n")[0]
    module.write_text(f"{data}\n}};\n{runtime_with(['cacheStatus'])}")
    script = f"const {{ Edge, data }} = await import({module.as_uri()!r}); new Edge(data, {{}});"
    command = [machine.program("node"), "--input-type=module", "--eval", script]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert "TypeError" in done.stderr


def test_each_feature_in_the_table_is_one_of_the_catalog() -> None:
    named = set(parts._OF_FEATURES)
    assert named <= set(map(str, FEATURES))


def test_modules_stand_in_one_order_with_all_that_they_need() -> None:
    known = {module.name for module in parts.modules()}
    assert all(set(module.needs) <= known for module in parts.modules())
    every = [one.name for one in parts.chosen(None)]
    for part in (name.removeprefix("optional/") for name in optional_modules()):
        own = names_with(part)
        assert own == [name for name in every if name in own]


@pytest.mark.needs("worker")
def test_no_selection_of_modules_uses_a_name_that_it_does_not_declare(tmp_path: Path) -> None:
    """Biome finds undeclared names without running anything."""
    for part in ("", *optional_modules()):
        own = [part.removeprefix("optional/")] if part else []
        text = f"const DATA = {{}};\n{runtime_with(own)}"
        (tmp_path / f"{part.replace('/', '-') or 'none'}.js").write_text(text)
    command = [machine.program("biome"), "lint", "--only=correctness/noUndeclaredVariables", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert f"Checked {len(optional_modules()) + 1} files" in done.stdout + done.stderr


def rules_of(case: Case, folder: Path) -> RuleSet:
    routes = folder / "routes.py"
    routes.write_text(re.sub(r"\bPORT_[A-Z]+\b", "1", case.routes), encoding="utf-8")
    return load(routes).rule_set


def job_of(name: str, rules: RuleSet, cases: Iterable[Case], place: Path) -> tuple[dict[str, Any], list[str]]:
    """Build rules with their modules and with all; return what to compare, and the optional modules."""
    built = build(rules, targets=[WorkerTarget(SETTINGS)], unsupported="warn")
    write(built, place)
    module = place / "worker" / "worker.js"
    text = module.read_text(encoding="utf-8")
    data = text.partition("\n};\n")[0]
    module.with_name("whole.js").write_text(f"{data}\n}};\n{runtime_with(None)}", encoding="utf-8")
    events = [event for case in cases for event in case.events]
    sends = [
        {
            "method": sent.method,
            "target": sent.target,
            "headers": [["host", "www.shop.example"], *map(list, sent.headers)],
            "body": base64.b64encode(sent.body).decode(),
        }
        for sent in events
        if isinstance(sent, Send)
    ]
    answers = [
        {
            "status": ask.answer.status,
            "headers": list(map(list, ask.answer.headers)),
            "body": base64.b64encode(ask.answer.body).decode(),
        }
        for ask in events
        if isinstance(ask, Ask)
    ]
    paths = {"built": module.as_uri(), "whole": module.with_name("whole.js").as_uri()}
    names = [found for found in names_in(text) if found in optional_modules()]
    return {"name": name, **paths, "sends": sends, "answers": answers}, names


def differences(jobs: list[dict[str, Any]], folder: Path) -> list[dict[str, str]]:
    """Return the jobs in which the two runtimes do not answer alike."""
    (folder / "jobs.json").write_text(json.dumps(jobs))
    script = Path(__file__).with_name("both_runtimes.mjs")
    memory = jobs[0]["built"].replace("worker.js", "memory.js")
    command = [machine.program("node"), str(script), str(folder / "jobs.json"), memory]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


@pytest.mark.needs("worker")
def test_the_built_runtime_answers_as_the_whole_one(tmp_path: Path) -> None:
    """For cases of every selection of modules that the table of cases has, and so with each module."""
    known: Counter[tuple[str, ...]] = Counter()
    jobs = []
    for number, path in enumerate(sorted(CASES.rglob("*.case"))):
        case = read(path)
        job, names = job_of(str(path), rules_of(case, tmp_path), [case], tmp_path / str(number))
        known[tuple(names)] += 1
        if known[tuple(names)] <= OF_EACH:
            jobs.append(job)
    assert optional_modules() - {name for names in known for name in names} <= {
        "optional/retrying",
        "optional/patience",
    }
    assert differences(jobs, tmp_path) == []


@pytest.mark.needs("worker")
def test_no_mixture_of_rules_lacks_a_module(tmp_path: Path) -> None:
    """Rules of several cases at once, with the requests of all of them."""
    chance = random.Random(17)
    paths = sorted(CASES.rglob("*.case"))
    jobs = []
    for number in range(MIXTURES):
        cases = [read(path) for path in chance.sample(paths, 3)]
        sets = [rules_of(case, tmp_path) for case in cases]
        mixed = RuleSet(rules=tuple(rule for one in sets for rule in one.rules), property=sets[0].property)
        name = ", ".join(str(case.path) for case in cases)
        jobs.append(job_of(name, mixed, cases, tmp_path / str(number))[0])
    assert differences(jobs, tmp_path) == []
