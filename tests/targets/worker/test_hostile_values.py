"""No value of a rule ends its place in worker.js: each is delivered byte for byte by a real import."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest

import machine
from prefetchrouter import Request, Router, build, evaluate
from prefetchrouter.output.building import write
from prefetchrouter.targets.worker.javascript_text import comment, literal

pytestmark = pytest.mark.needs("worker")

VALUES = 10_000
TOKENS = (
    "'", '"', "`", "\\", "\n", "\r", "\t", "\0", "\x7f", "\u2028", "\u2029", "\ufeff", "${x}", "</script>",
    "<!--", "]]>", "*/", "/*", "//", "#", ";", "{", "}", "(", ")", "[", "]", "%", "%25", "$1", "$&",
    "\\x41", "\\n", "__proto__", "constructor", "process.exit(1)", "\U0001f600", "é", "&amp;", "&", " ", "a",
)  # fmt: skip

READER = """
import { MemoryStore } from './memory.js';
import { data, Edge, fieldsOf } from './worker.js';
const send = () => { throw new Error('no origin'); };
const edge = new Edge(data, { store: new MemoryStore(1000), send, now: () => 0 });
const bodies = [];
for (let number = 0; number < %d; number++) {
  const target = `/${number}`;
  const headers = fieldsOf([['host', 'localhost']]);
  const visitor = { client: '' };
  const response = await edge.handle({ method: 'GET', target, headers, body: null, visitor });
  bodies.push(new TextDecoder('utf-8', { ignoreBOM: true }).decode(response.body));
}
process.stdout.write(JSON.stringify(bodies));
"""


def values() -> list[str]:
    """Texts of what ends strings, lines, comments, templates and scripts."""
    draw = random.Random(7)
    return ["".join(draw.choices(TOKENS, k=draw.randint(1, 12))) for _ in range(VALUES)]


def run(folder: Path, script: str) -> str:
    (folder / "worker" / "reader.mjs").write_text(script)
    done = subprocess.run(
        [machine.program("node"), "reader.mjs"], cwd=folder / "worker", capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout.decode()


def test_hostile_values_are_delivered_byte_for_byte(tmp_path: Path) -> None:
    router = Router()
    texts = values()
    for number, text in enumerate(texts):
        router.match(f"/{number}", response={"set_done": True, "set_response_body": text}, comment=text)
    write(build(router, targets="worker"), tmp_path)
    found = json.loads(run(tmp_path, READER % VALUES))
    different = [text for text, body in zip(texts, found, strict=True) if text != body]
    # A text with a variable is delivered as `evaluate` fills it in.
    assert all("%{" in text or "\\%" in text for text in different)
    for text in different:
        rules = Router().match("/", response={"set_done": True, "set_response_body": text})
        synthetic = evaluate(rules, Request("/")).synthetic
        assert synthetic is not None
        assert found[texts.index(text)] == synthetic.body


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString", "hasOwnProperty"])
def test_names_of_objects_are_segments_like_others(name: str, tmp_path: Path) -> None:
    router = Router().match(f"/{name}", response={"set_done": True, "set_response_body": "mine"})
    write(build(router, targets="worker"), tmp_path)
    script = READER.replace("`/${number}`", json.dumps(f"/{name}")) % 1
    assert json.loads(run(tmp_path, script)) == ["mine"]


def test_everything_is_ascii_without_what_ends_a_script() -> None:
    for text in values():
        shown = literal({"a": [text], text: 1})
        assert shown.isascii()
        assert not set("<>&\n\r") & set(shown)
        assert "\n" not in comment(text)


def test_equal_rules_make_equal_files() -> None:
    router = Router().match("/a/:id", caching={"max_age": "1h"}).match("/b", comment="b")
    assert build(router, targets="worker").files == build(router, targets="worker").files
