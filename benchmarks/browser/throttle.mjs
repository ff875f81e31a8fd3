/** A link between browser and edge: a limit of bytes per second for all connections together, and a round-trip time. */
import { connect, createServer } from 'node:net';

const TICK_MILLISECONDS = 5;

/**
 * Starts the link.
 *
 * @param port The edge's port.
 * @param bytesPerSecond Towards the browser; Infinity for none of it.
 * @param roundTripMilliseconds Half of it is spent in each direction.
 */
export async function startLink(port, bytesPerSecond, roundTripMilliseconds) {
  /** What waits on each connection, in turns. */
  const queues = new Set();
  const seen = { requests: [], bytes: 0 };
  /** What happened on the link, for who wants to know why a figure is what it is. */
  const trace = [];
  let started = Date.now();
  let connections = 0;
  const note = (text) => trace.push(`${Date.now() - started} ms: ${text}`);
  let budget = 0;

  const server = createServer((browser) => {
    const edge = connect(port, '127.0.0.1');
    const queue = { chunks: [], browser, number: ++connections, bytes: 0 };
    queues.add(queue);
    const later = (action) => setTimeout(action, roundTripMilliseconds / 2);
    browser.on('data', (data) => {
      const lines = data.toString('latin1').matchAll(/^(?:GET|POST) (\S+) HTTP/gm);
      for (const [, url] of lines) {
        seen.requests.push({ url, time: Date.now(), bytes: seen.bytes });
        note(`${url} on connection ${queue.number}`);
      }
      later(() => edge.write(data));
    });
    edge.on('data', (data) => later(() => queue.chunks.push(data)));
    const end = () => {
      note(`connection ${queue.number} closed after ${queue.bytes} bytes`);
      queues.delete(queue);
      edge.destroy();
      browser.destroy();
    };
    browser.on('close', end).on('error', end);
    edge.on('error', end).on('close', () => later(() => queue.chunks.push(null)));
  });

  const timer = setInterval(() => {
    budget = Math.min(budget + (bytesPerSecond * TICK_MILLISECONDS) / 1000, bytesPerSecond / 10);
    for (let sent = true; sent && budget > 0; ) {
      sent = false;
      for (const queue of [...queues]) {
        const chunk = queue.chunks.shift();
        if (chunk === undefined) continue;
        // To the end of the line: when the budget is used up, the next turn begins with those that got nothing.
        queues.delete(queue);
        queues.add(queue);
        if (chunk === null) {
          queue.browser.end();
          continue;
        }
        // In pieces of a packet, so that connections share the link.
        const piece = chunk.subarray(0, 1460);
        if (chunk.length > piece.length) queue.chunks.unshift(chunk.subarray(piece.length));
        queue.browser.write(piece);
        budget -= piece.length;
        seen.bytes += piece.length;
        queue.bytes += piece.length;
        sent = true;
        if (budget <= 0) break;
      }
    }
  }, TICK_MILLISECONDS);

  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://localhost:${server.address().port}`,
    seen,
    note,
    trace,
    forget() {
      seen.requests.length = 0;
      seen.bytes = 0;
      trace.length = 0;
      started = Date.now();
    },
    stop() {
      clearInterval(timer);
      for (const { browser } of queues) browser.destroy();
      server.close();
    },
  };
}
