import { encodedSlash, withoutParameters } from '../http/target.ts';
import { optional } from '../optional.ts';
import { Context, type EdgeRequest, type Head } from './context.ts';
import type { Condition, Data, Step } from './data.ts';
import { Leaf } from './leaf.ts';
import { Merged } from './merged.ts';
import { RuledDecision } from './ruledDecision.ts';

/** True, false, or undefined for what only the response can tell. */
export type Truth = boolean | undefined;
export type Holds = (context: Context) => boolean;

/** A condition as functions of a request. */
export interface Predicate {
  /** Whether it reads the response. */
  readonly late: boolean;
  readonly holds: Holds;
  readonly truth: (context: Context, withResponse: boolean) => Truth;
}

export type Predicates = (condition: Condition) => Predicate;

interface Arm {
  readonly test: Predicate | undefined;
  readonly steps: readonly Compiled[];
}

type Compiled = Leaf | { readonly arms: readonly Arm[] };

const MOST_MERGED = 20_000;

/** The settings of several leaves. */
function mergedOf(leaves: readonly Leaf[]): Merged {
  const values = new Map<string, unknown>();
  for (const leaf of leaves)
    for (const [key, value, gathers] of leaf.data.set)
      values.set(key, gathers ? [...((values.get(key) as unknown[]) ?? []), value] : value);
  return new Merged(leaves, values);
}

/** What a walk over the rules found: the leaves that apply. */
class Findings {
  readonly taken: Leaf[] = [];
  /** Those of them that wait for a response; few rules do. */
  late: Set<Leaf> | undefined;
  isLate = false;
  rewrites = false;

  add(leaf: Leaf): void {
    this.taken.push(leaf);
    if (leaf.rewrites) this.rewrites = true;
    if (this.isLate) {
      this.late ??= new Set();
      this.late.add(leaf);
    }
  }

  /** What applies whatever the response will be. */
  get early(): readonly Leaf[] {
    const { taken, late } = this;
    return late ? taken.filter((leaf) => !late.has(leaf)) : taken;
  }
}

/** The rules of a site: `decide` says what they mean for a request. */
export class Rules {
  private readonly leaves: Leaf[] = [];
  private readonly compiled: (readonly Compiled[])[] = [];
  private readonly merged = new Map<string | number, Merged>();
  private predicate: Predicates | undefined;

  constructor(readonly data: Data) {}

  /** The decision for a request, with its response or before there is one. */
  decide(request: EdgeRequest, response?: Head): RuledDecision {
    const context = new Context(request, response);
    const found = this.found(context);
    const merged = this.merge(found.taken);
    const early = found.late ? this.merge(found.early) : merged;
    return new RuledDecision(context, merged, early, this.data.site);
  }

  private found(context: Context): Findings {
    this.checkSlash(context);
    if (context.refusal) return new Findings();
    let found = this.follow(context);
    if (context.path.includes(';')) this.checkParameters(context, found);
    if (found.rewrites) {
      if (optional.rewriteUrl(context, this.merge(found.early))) {
        this.checkSlash(context);
        // Only once, since a rewrite of what was rewritten could go on for ever.
        found = this.follow(context);
      }
    }
    return context.refusal ? new Findings() : found;
  }

  private checkSlash(context: Context): void {
    if (!this.data.site.keepsSlashes) context.refusal ??= encodedSlash(context.sentPath);
  }

  /** Refuse `/admin;x` where rules apply to `/admin` alone: Java servers take both for the same page. */
  private checkParameters(context: Context, found: Findings): void {
    if (this.data.site.keepsParameters) return;
    const other = new Context(context.request, context.response);
    other.path = other.originPath = withoutParameters(context.path);
    other.lowerPath = other.path.toLowerCase();
    const applied = new Set(found.taken);
    if (this.follow(other).taken.some((leaf) => !applied.has(leaf) && leaf.data.set.length))
      context.refusal =
        'the path has parameters after a semicolon, and a rule applies to it only without them';
  }

  private candidates(path: string): readonly number[] {
    const { index, depth = 1 } = this.data;
    let found = this.data.anywhere;
    let end = 0;
    for (let length = 0; length < depth && end >= 0; length++) {
      end = path.indexOf('/', end + 1);
      const start = path.slice(1, end < 0 ? undefined : end);
      if (Object.hasOwn(index, start)) found = index[start] ?? [];
    }
    return found;
  }

  private follow(context: Context): Findings {
    const found = new Findings();
    let numbers = this.candidates(context.lowerPath);
    if (context.originPath !== context.path) {
      const others = this.candidates(context.originPath.toLowerCase());
      if (others !== numbers)
        numbers = [...new Set([...numbers, ...others])].sort((one, other) => one - other);
    }
    for (const number of numbers) this.walk(this.steps(number), context, found);
    return found;
  }

  private walk(steps: readonly Compiled[], context: Context, found: Findings): void {
    for (const step of steps) {
      if (step instanceof Leaf) {
        found.add(step);
        continue;
      }
      const wasLate = found.isLate;
      for (const { test, steps: arm } of step.arms) {
        const truth = !test || (test.late ? this.decideLate(test, context, found) : test.holds(context));
        if (truth === undefined) break;
        if (truth) {
          this.walk(arm, context, found);
          break;
        }
      }
      found.isLate = wasLate;
    }
  }

  /** Whether an arm is taken; undefined if only a response can tell and there is none. */
  private decideLate(test: Predicate, context: Context, found: Findings): boolean | undefined {
    const truth = test.truth(context, found.isLate && context.response !== undefined);
    if (truth !== undefined || !context.response) return truth;
    found.isLate = true;
    return test.truth(context, true);
  }

  private steps(number: number): readonly Compiled[] {
    let made = this.compiled[number];
    if (!made) {
      made = this.compile(this.data.rules[number] ?? []);
      this.compiled[number] = made;
    }
    return made;
  }

  private compile(steps: readonly Step[]): Compiled[] {
    return steps.map((step) => {
      if (typeof step === 'number') return this.leaf(step);
      this.predicate ??= optional.predicates(this.data.tests);
      const { predicate } = this;
      const arms = step.map(([condition, arm]) => ({
        test: condition === null ? undefined : predicate(condition),
        steps: this.compile(arm),
      }));
      return { arms };
    });
  }

  private leaf(number: number): Leaf {
    this.leaves[number] ??= new Leaf(number, this.data.leaves[number] ?? { set: [] });
    return this.leaves[number];
  }

  private merge(taken: readonly Leaf[]): Merged {
    // Most requests have one rule: its number is looked up faster than a text.
    const key = taken.length === 1 ? (taken[0]?.number ?? 0) : taken.map((leaf) => leaf.number).join();
    let found = this.merged.get(key);
    if (!found) {
      if (this.merged.size >= MOST_MERGED) this.merged.clear();
      found = mergedOf(taken);
      this.merged.set(key, found);
    }
    return found;
  }
}
