/** The packed package as bundlers and compilers of users see it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { APPS, WORK } from './support/work.mjs';

describe.each(APPS)('in the app %s', (name) => {
  const made = inject('apps')[name];

  it('its types are what a strict compiler accepts', () => {
    expect(made?.types).toMatchObject({ status: 0 });
  });

  it('it can be built for production', () => {
    expect(made?.build).toMatchObject({ status: 0 });
  });
});

/** What a page loads with a built script: it and all that it imports at once. */
function loadedWith(folder: string, script: string, seen = new Set<string>()): string {
  if (seen.has(script)) return '';
  seen.add(script);
  const text = readFileSync(join(WORK, folder, script), 'utf8');
  const imported = [...text.matchAll(/(?:import|from)"\.\/([\w-]+\.js)"/g)].map(([, name]) => String(name));
  return text + imported.map((name) => loadedWith(folder, name, seen)).join('');
}

describe.runIf(APPS.includes('plain'))('a bundle', () => {
  const WATCHING = /IntersectionObserver/;
  const INSTALLING = /serviceWorker\.register|\.register\(new URL/;

  it('that imports install() has what watches links', () => {
    expect(loadedWith('plain/dist', 'main.js')).toMatch(WATCHING);
    expect(loadedWith('plain/dist', 'main.js')).toMatch(INSTALLING);
  });

  it('that imports only prefetch() does not have it', () => {
    expect(loadedWith('plain/dist/only', 'only.js')).not.toMatch(WATCHING);
    expect(loadedWith('plain/dist/only', 'only.js')).not.toMatch(INSTALLING);
  });
});
