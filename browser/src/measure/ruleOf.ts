/** Which rule of the manifest a URL belongs to: by the path that it names, since a URL itself says too much. */
import { compileCondition } from '../core/condition.js';
import { manifestGlobal, manifestPath, rulesGlobal } from '../core/names.js';
import { targetOf } from '../core/target.js';
import { hashOf } from './hash.js';

type Json = Record<string, unknown>;

/** The path of the rule of a URL; empty without one. */
export type RuleOf = (url: string) => string;

interface Named {
  name: string;
  holds: ReturnType<typeof compileCondition>['holds'];
}

/** Longer ones are cut, so that a beacon stays small. */
const LONGEST_NAME = 120;

interface Globals {
  [manifestGlobal]?: { rules?: unknown };
  [rulesGlobal]?: unknown;
}

/** The paths that a condition names, each with when it holds. */
function pathsOf(condition: Json, whole = condition): Named[] {
  const [[operator = '', operands] = []] = Object.entries(condition);
  if (!Array.isArray(operands)) return [];
  if (operator === 'and') return operands.flatMap((member) => pathsOf(member, whole));
  if (operator === 'or') return operands.flatMap((member) => pathsOf(member));
  const [left, right] = operands as [Json, unknown];
  if (left?.request !== 'path') return [];
  if (operator === 'in' && Array.isArray(right))
    return right.flatMap((text) =>
      pathsOf({ '===': [left, text] }, { and: [{ '===': [left, text] }, whole] }),
    );
  const name = /^={2,3}$/.test(operator) ? String(right) : `${operator} ${JSON.stringify(right)}`;
  return [{ name: name.slice(0, LONGEST_NAME), holds: compileCondition(whole).holds }];
}

/** The paths of rules that set how long something is kept, those that decide last. */
function collect(rule: unknown): Named[] {
  if (Array.isArray(rule)) return rule.flatMap(collect);
  const { if: chain } = (rule ?? {}) as Json;
  if (!Array.isArray(chain)) return [];
  const found: Named[] = [];
  for (let at = 0; at + 1 < chain.length; at += 2) {
    found.push(...collect(chain[at + 1]));
    if (JSON.stringify(chain[at + 1]).includes('"caching"')) found.unshift(...safely(chain[at] as Json));
  }
  return [...found, ...(chain.length % 2 ? collect(chain.at(-1)) : [])];
}

/** A rule that cannot be read names no path. */
function safely(condition: Json): Named[] {
  try {
    return pathsOf(condition);
  } catch {
    return [];
  }
}

async function loadRules(root: string): Promise<unknown> {
  const globals = globalThis as Globals;
  const loaded = globals[manifestGlobal];
  if (loaded) return loaded.rules;
  // Kept as long as the rules in front of the install script are the same: no request for each page.
  const address = `${root}${manifestPath}?${hashOf(String(globals[rulesGlobal]))}`;
  const text = await (await fetch(address, { cache: 'force-cache' })).text();
  return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)).rules;
}

/** Which rule each URL belongs to; without a readable manifest none does. */
export async function loadRuleOf(root: string): Promise<RuleOf> {
  const found = collect(await loadRules(root).catch(() => [])).reverse();
  return (url) => {
    const target = url.startsWith(`${location.origin}/`) ? targetOf(url) : undefined;
    return (target && found.find(({ holds }) => holds(target))?.name) ?? '';
  };
}
