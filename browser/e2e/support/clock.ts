import type { Visit } from './visit';

/** A worker prologue that lets a test move the worker's clock. */
export const MOVABLE_CLOCK = `{
  const RealDate = Date;
  let shift = 0;
  self.Date = class extends RealDate {
    constructor(...parts) { parts.length ? super(...parts) : super(RealDate.now() + shift); }
    static now() { return RealDate.now() + shift; }
  };
  self.addEventListener('message', ({ data, ports: [port] }) => {
    if (data.moveClockSeconds === undefined) return;
    shift += data.moveClockSeconds * 1000;
    port.postMessage('moved');
  });
}
`;

/** Move the clock of the page's worker on; the worker has {@link MOVABLE_CLOCK}. */
export async function moveClock(tab: Visit, seconds: number): Promise<void> {
  await tab.page.evaluate(async (moveClockSeconds) => {
    const { port1, port2 } = new MessageChannel();
    const moved = new Promise((resolve) => {
      port1.onmessage = resolve;
    });
    navigator.serviceWorker.controller?.postMessage({ moveClockSeconds }, [port2]);
    await moved;
  }, seconds);
}
