import { isCachedOnly, isForeignPrefetch } from '../http/prefetches.ts';
import { optional } from '../optional.ts';
import type { EdgeRequest, Head } from '../rules/context.ts';
import type { Data } from '../rules/data.ts';
import { Decision } from '../rules/decision.ts';
import type { Rules } from '../rules/walk.ts';
import type { Plan } from './types.ts';

/** Evaluates the rules for requests. */
export class Planner {
  private readonly rules: Rules | undefined;

  constructor(readonly data: Data) {
    // Throws where the build left the module out by mistake: no rule may be ignored.
    this.rules = data.rules.length ? optional.rules(data) : undefined;
  }

  /** A request with the decision on it. */
  plan(request: EdgeRequest, keep: Plan['keep']): Plan {
    const decision = this.rules?.decide(request) ?? new Decision(request, this.data.site);
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
    return (this.data.needsResponse && this.rules?.decide(plan.request, response)) || plan.decision;
  }
}
