import { isCachedOnly, isForeignPrefetch } from '../http/prefetches.ts';
import type { EdgeRequest, Head } from '../rules/context.ts';
import type { Data } from '../rules/data.ts';
import type { Decision } from '../rules/decision.ts';
import { Rules } from '../rules/walk.ts';
import type { Plan } from './types.ts';

/** Evaluates the rules for requests. */
export class Planner {
  private readonly rules: Rules;

  constructor(readonly data: Data) {
    this.rules = new Rules(data);
  }

  /** A request with the decision on it. */
  plan(request: EdgeRequest, keep: Plan['keep']): Plan {
    const decision = this.rules.decide(request);
    const allows = decision.merged.is('response.allow_prefetching_uncached_content');
    const isCached = isCachedOnly(request.query);
    const isForeign = isForeignPrefetch(request.headers, request.query);
    const isGuarded = isForeign && !this.data.site.allowsForeign && decision.prefetchable && !allows;
    return {
      request,
      decision,
      isForeign,
      mayFetch: !isGuarded && (!isCached || allows),
      mayRefresh: !isGuarded && !isCached,
      keep,
    };
  }

  /** The decision with the origin's response: conditions on the response count. */
  withResponse(plan: Plan, response: Head): Decision {
    return this.data.needsResponse ? this.rules.decide(plan.request, response) : plan.decision;
  }
}
