import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** What came back: status and text. */
export interface Answered {
  status: number;
  text: string;
}

/** Request as a client without a browser that over HTTPS trusts only this authority. */
export function ask(url: string, authority?: Buffer): Promise<Answered> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const asked = request(url, authority ? { ca: authority } : {}, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}
