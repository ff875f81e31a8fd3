import { DECIDING, PREFETCHABLE, type Prefetching, START } from './catalog.js';
import { type Condition, compileCondition } from './condition.js';
import { durationSeconds } from './duration.js';
import { RuleIndex, type Startable } from './ruleIndex.js';
import type { Target } from './target.js';

/**
 * What is known so far about each feature that decides, two bits each: it is as it must be, it is not.
 *
 * Both bits are set where a condition is unknown, so joining two possible worlds is a bitwise "or".
 */
type State = number;

interface Rule extends Startable {
  apply: (state: State, target: Target) => State;
}

type Json = Record<string, unknown>;

type Warn = (problem: string) => void;

const ANYWHERE = [''];

const unchanged = (state: State): State => state;

/** Whether the value that a rule gives a feature is what prefetching needs; null takes a value back. */
function meets(needs: Prefetching, value: unknown): boolean {
  if (needs === 'set') return value !== null;
  return needs === 'positive' ? durationSeconds(value) > 0 : !value;
}

function compileFeatures({ caching }: Json): Rule['apply'] {
  if (caching === undefined) return unchanged;
  if (!caching) return () => START;
  let keep = -1;
  let set = 0;
  let met = 1;
  for (const [name, needs] of DECIDING) {
    const value = (caching as Json)[name];
    if (value !== undefined) {
      keep -= met * 3;
      set += meets(needs, value) ? met : met * 2;
    }
    met *= 4;
  }
  return (state) => (state & keep) | set;
}

interface Branch {
  holds: Condition['holds'];
  consequence: Rule['apply'];
}

/** An if / else-if chain: exactly one branch applies; after an unknown condition, that one or a later one. */
function compileChain(parts: unknown[], warn: Warn): Rule {
  const branches: Branch[] = [];
  const starts: string[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const condition = compileCondition(parts[at]);
    branches.push({ holds: condition.holds, consequence: compileRule(parts[at + 1], warn).apply });
    starts.push(...condition.starts);
  }
  const hasElse = parts.length % 2 > 0;
  const otherwise = hasElse ? compileRule(parts.at(-1), warn).apply : unchanged;
  return {
    apply: (state, target) => {
      let possible = 0;
      for (const { holds, consequence } of branches) {
        const truth = holds(target);
        if (truth !== false) possible |= consequence(state, target);
        if (truth) return possible;
      }
      return possible | otherwise(state, target);
    },
    starts: hasElse ? ANYWHERE : starts,
  };
}

function compileRule(rule: unknown, warn: Warn): Rule {
  if (!Array.isArray(rule)) {
    const chain = (rule as Json).if;
    return Array.isArray(chain)
      ? compileChain(chain, warn)
      : { apply: compileFeatures(rule as Json), starts: ANYWHERE };
  }
  const rules = compileRules(rule, warn);
  return {
    apply: (state, target) => rules.reduce((before, { apply }) => apply(before, target), state),
    starts: ANYWHERE,
  };
}

/** Compiles each rule by itself, so that only a bad one is left out. */
function compileRules(rules: unknown[], warn: Warn): Rule[] {
  return rules.map((rule) => {
    try {
      return compileRule(rule, warn);
    } catch (error) {
      warn(`a rule of the manifest is left out: ${(error as Error).message}`);
      return { apply: unchanged, starts: [] };
    }
  });
}

/** Answers whether the rules make a URL prefetchable. */
export type Matcher = (target: Target) => boolean;

/**
 * Compiles the rules of a manifest once, for any number of URLs; calls `warn` for each one that is skipped.
 *
 * @param keepsSlashes Whether the edge takes encoded slashes in paths.
 */
export function compileManifest(rules: unknown[], warn: Warn, keepsSlashes?: unknown): Matcher {
  const index = new RuleIndex(compileRules(rules, warn));
  return (target) => {
    if (!keepsSlashes && /%[25][FC]/.test(target.path)) return false;
    let state = START;
    for (const { apply } of index.candidates(target.path)) state = apply(state, target);
    return state === PREFETCHABLE;
  };
}
