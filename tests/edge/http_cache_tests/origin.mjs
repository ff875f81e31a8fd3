// The origin of the HTTP cache tests, on loopback only and on a port that the system gives. Says where it listens.
//   node origin.mjs SUITE
import { existsSync } from 'node:fs';
import { Server } from 'node:net';
import { devNull } from 'node:os';
import { pathToFileURL } from 'node:url';

const folder = process.argv[2];
const listen = Server.prototype.listen;
Server.prototype.listen = function () {
  return listen.call(this, Number(process.env.npm_config_port), '127.0.0.1');
};
process.env.npm_config_protocol = 'http';
process.env.npm_config_port ??= '0';
process.env.npm_config_pidfile = devNull;
const engine = existsSync(`${folder}/test-engine`) ? `${folder}/test-engine` : folder;
await import(pathToFileURL(`${engine}/server/server.mjs`).href);
