"""Refused prefetches reach no origin, however many there are, also during a refresh and after a redirect."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import machine
from prefetchrouter import Router, build
from prefetchrouter.output.building import write
from prefetchrouter.targets.worker import WorkerSettings, WorkerTarget

pytestmark = pytest.mark.needs("worker")

PREFETCHES = 100_000

SCRIPT = """
import { MemoryStore } from './memory.js';
import { data, Edge, fieldsOf } from './worker.js';
let requests = 0;
let now = 0;
let release;
const held = new Promise((resolve) => { release = resolve; });
const send = async () => {
  if (++requests > 1) await held;
  return { status: 200, headers: fieldsOf([['etag', '"a"']]), body: new Uint8Array([97]) };
};
const edge = new Edge(data, { store: new MemoryStore(1e7), send, now: () => now });
const statuses = {};
const get = async (target, ...headers) => {
  const sent = fieldsOf([['host', 'localhost'], ...headers]);
  const raw = { method: 'GET', target, headers: sent, body: null, visitor: { client: '' } };
  const { status, headers: received } = await edge.handle(raw);
  statuses[status] = (statuses[status] ?? 0) + 1;
  return received;
};
await get('/p/stored');
now = 3;
await get('/p/stored');
const counted = requests;
const kinds = [
  [], ['if-match', '"a"'], ['cache-control', 'no-cache'], ['range', 'bytes=0-1'], ['cookie', 'x=1'],
];
for (let number = 0; number < %d; number++) {
  const headers = kinds[number %% kinds.length];
  const path = number %% 3 ? `/p/${number}` : '/p/gone';
  await get(`${path}?edgio_prefetch=1`, ...(headers.length ? [headers] : []));
}
const location = (await get('/old/1?edgio_prefetch=1')).get('location')[0];
await get(location);
now = 30;
await get('/p/stored?edgio_prefetch=1');
release();
console.log(JSON.stringify({ counted, requests, statuses, location }));
"""


def test_no_refused_prefetch_reaches_an_origin(tmp_path: Path) -> None:
    router = Router().match(
        "/p/:id",
        caching={"max_age": "2s", "stale_while_revalidate": "4s", "service_worker_max_age": "1m"},
    )
    router = router.match("/old/:id", lambda route: route.redirect("/p/:id", 301))
    target = WorkerTarget(WorkerSettings(origins={"": "http://origin.invalid"}))
    write(build(router, targets=[target]), tmp_path)
    (tmp_path / "worker" / "count.mjs").write_text(SCRIPT % PREFETCHES)
    command = [machine.program("node"), "count.mjs"]
    done = subprocess.run(command, cwd=tmp_path / "worker", capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found = json.loads(done.stdout)
    assert found["counted"] == found["requests"] == 2
    assert found["statuses"] == {"200": 2, "301": 1, "412": PREFETCHES + 2}
    assert found["location"] == "/p/1?edgio_prefetch=1"
