import { closeBody } from '../cache/buffer.ts';
import type { OriginResponse } from '../edge/types.ts';
import { httpDate } from '../http/dates.ts';
import { get, trim } from '../http/fields.ts';
import { optional } from '../optional.ts';
import type { OriginData } from '../rules/data.ts';

function waitBefore(response: OriginResponse, retry: NonNullable<OriginData['retry']>, now: number): number {
  const text = retry.ignores ? '' : trim(get(response.headers, 'retry-after') ?? '');
  const seconds = /^[0-9]+$/.test(text) ? Number(text) : (httpDate(text, now) ?? now) - now;
  return Math.max(0, retry.after, seconds);
}

optional.retried = async (retry, first, now, ask) => {
  let response = first;
  let waited = 0;
  for (let number = 1; number < retry.most && retry.codes.includes(response.status); number++) {
    const wait = waitBefore(response, retry, now());
    waited += wait;
    if (waited > retry.wait) break;
    closeBody(response.body);
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    response = await ask();
  }
  return response;
};
