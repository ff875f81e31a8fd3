/**
 * The properties of the runtime that the build shortens: those by which its own modules speak to each other.
 *
 * Never one that anything else reads or writes by its name: a platform, the rules as data, an adapter that is built
 * alone, a response in the cache of a platform, or a reader of the log. The build fails for a name that one of these has.
 */
import { readdirSync, readFileSync } from 'node:fs';

const SHORT = `
across addCaptured addParts addQuery addSlash addText addToHost addVariable afterRedirects answer arms arrived ask
asked bodyKey byRules cacheKey calls candidates changeHeaders changeRequest changed changes changesRequest
changesResponse changesStored checkParameters checkSlash chunks clientCaching clientHeaders coalescer comparison
compiled debugNames decide decideLate decision denied discardOutdated drawn dropped early expand failover fetched
fetcher filler findRedirect finish flights follow followed forPrefetch forward fromStored hasBegun 
hitForMiss hostBeforeCapture impatient isAfterWholeHost isAhead isAtScheme isBackground isCollapsed isCompressible
isDone isForeign isInHost isInvalidated isJoint isLate isOriginDown isRooted isRuled isShared isStored isTarget
isTargeted isTooLarge isValid jar joinable keyOptions largest leaveHost leftOut longestWait lookUp lowerPath made
mayFetch mayRefresh merged noVarySearch notForwarded notStored ofQuery onText originPath originQuery originStatus
originUri outcome passedOn planner predicate predicates prefetchable putIn readBody readSmall readers received refusal
replacedKey request requestHeaders response responseHeader rests retried revalidated rewriteUrl rewrites sendsAge
sentPath setStatus shown silence storedHeaders taken truth unmark unnamed unwrapped urlRedirect validatesAlways
waiting withCacheStatus withDebugHeaders withResponse
`
  .trim()
  .split(/\s+/);

const source = (path) => readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8');
const code = (path) => source(path).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|^import .*$/gm, '');
const block = (path, start) => code(path).split(start)[1].split(/^}/m)[0];
const words = (text) => text.match(/[A-Za-z_]\w*/g);

/** The names of what platforms have: of all global objects, as far as Node knows them. */
function ofPlatforms() {
  const names = new Set();
  const visited = new Set();
  const waiting = [globalThis];
  for (const one of waiting) {
    if (visited.has(one)) continue;
    visited.add(one);
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(one))) {
      names.add(name);
      if (value && /^(?:object|function)$/.test(typeof value)) waiting.push(value);
    }
    if (Object.getPrototypeOf(one)) waiting.push(Object.getPrototypeOf(one));
  }
  return names;
}

/**
 * All names that others know, with who does.
 *
 * @param {(source: string) => Promise<string[]>} propertiesOf The names of properties in a source below `src`.
 * @param {readonly string[]} alone The sources that are built on their own.
 */
async function known(propertiesOf, alone) {
  const quoted = readdirSync(new URL('../src', import.meta.url), { recursive: true })
    .filter((name) => /(?<!\.test)\.ts$/.test(name))
    .flatMap((name) => [...code(name).matchAll(/'(\w+)' in /g)].map((found) => found[1]));
  return {
    'the platforms': [...ofPlatforms()],
    'the rules as data': words(code('rules/data.ts')),
    'an adapter': (await Promise.all(alone.map(propertiesOf))).flat(),
    'what is stored': words(
      block('edge/types.ts', 'interface StoredResponse') + block('http/storage.ts', 'interface Policy'),
    ),
    'the log': words(block('edge/log.ts', 'JSON.stringify(').replace(/(?<=:).*$/gm, '')),
    'a text': quoted,
  };
}

/** What matches the names of properties that are shortened. */
export async function shortened(propertiesOf, alone) {
  for (const [whose, names] of Object.entries(await known(propertiesOf, alone))) {
    const shared = SHORT.filter((name) => names.includes(name));
    if (shared.length) throw new Error(`short-names.mjs: ${shared.join(', ')}: the name is one of ${whose}`);
  }
  return new RegExp(`^(?:${SHORT.join('|')})$`);
}
