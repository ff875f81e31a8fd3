"""A build: its files in memory, written all or none, and compared with what is on disk."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from prefetchrouter import Build, Origin, Property, Router, RuleSet, build, compile_rules
from prefetchrouter.errors import PropertyError, TargetError
from prefetchrouter.output.building import differences, write
from prefetchrouter.targets import Artifact, Job
from prefetchrouter.targets.manifest import ManifestTarget
from strategies.programs import Program, programs, run

ROUTER = Router().match("/a", caching={"max_age": "1h"}, origin={"set_origin": "web"})
SITE = Property(name="shop", origins=[Origin(name="web", hosts=["a.example"])], hostnames=["www.a.example"])


def document(built: Build) -> Any:
    return json.loads(built["ruleset.json"])


def tree(folder: Path) -> dict[str, str]:
    """Every file in a folder, hidden ones too."""
    return {path.name: path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_build_makes_the_rule_set_and_the_manifest() -> None:
    """In this order."""
    assert [file.path for file in build(ROUTER).files] == ["ruleset.json", "cache-manifest.js"]


def test_the_rule_set_holds_the_compiled_rules_and_only_what_was_given() -> None:
    """Nothing stands around them when nothing was described."""
    assert document(build(ROUTER)) == {"rules": compile_rules(ROUTER)}


def test_the_property_stands_around_the_rules() -> None:
    """Name, origins and hostnames first, as they were written."""
    assert list(document(build(ROUTER, SITE))) == ["name", "origins", "hostnames", "rules"]
    assert document(build(ROUTER, SITE)) == {
        "name": "shop",
        "origins": [{"name": "web", "hosts": [{"location": "a.example"}]}],
        "hostnames": [{"hostname": "www.a.example"}],
        "rules": compile_rules(ROUTER),
    }


def test_only_the_parts_that_were_given_are_there() -> None:
    """A name alone, for example."""
    assert list(document(build(ROUTER, Property(name="shop")))) == ["name", "rules"]


def test_a_rule_set_is_built_with_its_own_property() -> None:
    """It came with it."""
    rule_set = RuleSet(rules=ROUTER.rules, property=SITE)
    assert document(build(rule_set))["name"] == "shop"


def test_a_property_that_is_given_replaces_the_rule_sets_own() -> None:
    """The caller's word counts."""
    rule_set = RuleSet(rules=ROUTER.rules, property=SITE)
    assert document(build(rule_set, Property(name="other"))) == {
        "name": "other",
        "rules": compile_rules(ROUTER),
    }


def test_an_unknown_origin_is_an_error_once_origins_are_described() -> None:
    """As for a routes file."""
    with pytest.raises(PropertyError, match="set_origin"):
        build(ROUTER, Property(origins=[Origin(name="api")]))


def test_the_name_of_the_global_can_be_set() -> None:
    """Our own runtime can read another."""
    assert build(Router(), manifest_global="__MANIFEST__")["cache-manifest.js"].startswith(
        "self.__MANIFEST__="
    )


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a.b", "a;b", "é", "a\n"])
def test_a_global_that_javascript_would_not_take_is_refused(name: str) -> None:
    """It would break the script."""
    with pytest.raises(PropertyError) as raised:
        build(Router(), manifest_global=name)
    assert raised.value.code == "property"


class Shouting(ManifestTarget):
    """A manifest in capitals."""

    def print(self, job: Job) -> list[Artifact]:
        return [Artifact(file.path, file.text.upper()) for file in super().print(job)]


def test_an_option_leaves_the_rest_of_a_users_own_manifest_as_it_is() -> None:
    """Its global, and its class."""
    built = build(ROUTER, targets=[ManifestTarget("MINE")], site=True)
    assert built["cache-manifest.js"].startswith("self.MINE=")
    assert "site/__edgio__/prefetch/install.js" in [file.path for file in built.files]
    assert build(ROUTER, targets=[Shouting("mine")], site=True)["cache-manifest.js"].startswith("SELF.MINE=")
    named = build(ROUTER, targets=[ManifestTarget(site=True)], manifest_global="OURS")
    assert named["cache-manifest.js"].startswith("self.OURS=")
    assert len(named.files) == len(built.files)


class Fixed(ManifestTarget):
    """A manifest of one name."""

    def __init__(self) -> None:
        super().__init__("FIXED")


def test_a_manifest_that_takes_no_options_is_named() -> None:
    """A class that cannot be made with them gives no traceback."""
    assert build(ROUTER, targets=[Fixed()])["cache-manifest.js"].startswith("self.FIXED=")
    with pytest.raises(TargetError, match='the target "manifest" failed: TypeError'):
        build(ROUTER, targets=[Fixed()], site=True)


def test_unsupported_conditions_can_drop_their_rules() -> None:
    """Instead of being taken out."""
    router = Router().match({"path": "/a", "cookies": {"c": "1"}}, caching={"max_age": "1h"})
    assert '"/a"' in build(router)["cache-manifest.js"]
    assert '"/a"' not in build(router, unsupported_conditions="drop")["cache-manifest.js"]


def test_sizes_are_those_of_the_bytes() -> None:
    """As they are on disk, and as they travel."""
    file = Artifact("a", "ö" * 1000)
    assert file.size_bytes == 2000
    assert len(gzip.compress(file.text.encode(), mtime=0)) == file.gzipped_bytes < 100


def test_a_file_that_is_not_part_of_a_build_is_not_found() -> None:
    """As in any mapping."""
    with pytest.raises(KeyError, match=r"sitemap\.xml"):
        build(Router())["sitemap.xml"]


@given(programs())
def test_building_is_deterministic_and_its_json_reads_back(program: Program) -> None:
    """Same rules, same bytes; the document is plain JSON, whatever its strings."""
    first, second = build(run(program)), build(run(program))
    assert first.files == second.files
    rules = json.loads(first["ruleset.json"], parse_constant=pytest.fail)["rules"]
    assert rules == compile_rules(run(program))


# Writing


def test_writing_makes_the_folder_and_leaves_nothing_else_in_it(tmp_path: Path) -> None:
    """The folders above it too."""
    built = build(ROUTER)
    write(built, tmp_path / "a" / "b")
    assert tree(tmp_path) == {file.path: file.text for file in built.files}


def test_writing_replaces_what_was_there(tmp_path: Path) -> None:
    """Other files stay."""
    (tmp_path / "ruleset.json").write_text("old")
    (tmp_path / "other.txt").write_text("mine")
    write(build(ROUTER), tmp_path)
    assert tree(tmp_path)["other.txt"] == "mine"
    assert tree(tmp_path)["ruleset.json"] == build(ROUTER)["ruleset.json"]


# Comparing


def test_a_build_does_not_differ_from_what_it_wrote(tmp_path: Path) -> None:
    """Whatever its strings hold."""
    built = build(Router().always(comment="a b", response={"set_response_body": "ö"}))
    write(built, tmp_path)
    assert list(differences(built, tmp_path)) == []


def test_missing_files_are_reported_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the name of each."""
    monkeypatch.chdir(tmp_path)
    lines = list(differences(build(Router()), Path("dist")))
    assert lines == [
        "--- dist/ruleset.json (not there)",
        "+++ dist/ruleset.json (built)",
        "@@ -0,0 +1,3 @@",
        "+{",
        '+"rules": []',
        "+}",
        "--- dist/cache-manifest.js (not there)",
        "+++ dist/cache-manifest.js (built)",
        "@@ -0,0 +1 @@",
        '+self.__EDGIO_CACHE_MANIFEST__={"rules":[]};',
    ]


def test_a_changed_rule_is_one_line_of_difference(tmp_path: Path) -> None:
    """Lines around it are not shown."""
    write(build(Router().match("/a", {}).match("/b", {}).match("/c", {})), tmp_path)
    changed = build(Router().match("/a", {}).match("/x", {}).match("/c", {}))
    lines = [line for line in differences(changed, tmp_path) if line[:2] not in ("--", "++", "@@")]
    assert [line[0] for line in lines] == ["-", "+"]
    assert '"/b"' in lines[0]
    assert '"/x"' in lines[1]


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: text.replace("\n", "\r\n")])
def test_a_difference_in_line_endings_is_a_difference(tmp_path: Path, change: Any) -> None:
    """The bytes must be the same."""
    built = build(ROUTER)
    write(built, tmp_path)
    path = tmp_path / "ruleset.json"
    path.write_bytes(change(path.read_text()).encode())
    assert list(differences(built, tmp_path))


def test_a_file_that_is_not_text_differs(tmp_path: Path) -> None:
    """And does not make it fail."""
    write(build(ROUTER), tmp_path)
    (tmp_path / "ruleset.json").write_bytes(b"\xff\xfe\x00")
    assert list(differences(build(ROUTER), tmp_path))
