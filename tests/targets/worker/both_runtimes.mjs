// Sends the same requests to the runtime that was built for some rules and to the whole one, and compares.
//
//     node both_runtimes.mjs JOBS.json        JOBS: [{ name, built, whole, sends, answers }]

import { readFileSync } from 'node:fs';

const jobs = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { MemoryStore } = await import(process.argv[3]);
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));

async function read(body) {
  const whole = body instanceof ReadableStream ? await new Response(body).arrayBuffer() : (body ?? []);
  return Buffer.from(whole).toString('base64');
}

async function played(path, { sends, answers }) {
  const { data, Edge, fieldsOf } = await import(path);
  const lines = [];
  let now = 1_800_000_000;
  let number = 0;
  const send = async ({ url, method, headers, body }) => {
    lines.push([method, url, [...headers], await read(body)]);
    const answer = answers[number++] ?? { status: 200, headers: [['cache-control', 'max-age=60']], body: 'YQ==' };
    return { status: answer.status, headers: fieldsOf(answer.headers), body: bytes(answer.body) };
  };
  const edge = new Edge(data, { store: new MemoryStore(1e7), send, now: () => now });
  for (const one of sends) {
    const visitor = { client: '192.0.2.7', facts: { 'location.country': 'DE' } };
    const body = one.body ? new Response(bytes(one.body)).body : null;
    const { method, target } = one;
    const response = await edge.handle({ method, target, headers: fieldsOf(one.headers), body, visitor });
    lines.push([response.status, [...response.headers], await read(response.body)]);
    now += 1;
  }
  return JSON.stringify(lines);
}

Math.random = () => 0.5;
const different = [];
for (const job of jobs) {
  const [built, whole] = [await played(job.built, job), await played(job.whole, job)];
  if (built !== whole) different.push({ name: job.name, built, whole });
}
process.stdout.write(JSON.stringify(different));
