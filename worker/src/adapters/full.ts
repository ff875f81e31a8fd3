/** The whole runtime: `scripts/build.mjs` cuts it into its modules, of which a build takes those it needs. */

import '../optional/cacheStatus.ts';
import '../optional/clientCaching.ts';
import '../optional/cloudflareFacts.ts';
import '../optional/comparisons.ts';
import '../optional/compression.ts';
import '../optional/conditions.ts';
import '../optional/debugging.ts';
import '../optional/destination.ts';
import '../optional/failover.ts';
import '../optional/following.ts';
import '../optional/headerChanges.ts';
import '../optional/keyOptions.ts';
import '../optional/keyRewriting.ts';
import '../optional/operators.ts';
import '../optional/otherReadings.ts';
import '../optional/patience.ts';
import '../optional/redirecting.ts';
import '../optional/requestBodies.ts';
import '../optional/retrying.ts';
import '../optional/rewriting.ts';
import '../optional/ruled.ts';
import '../optional/texts.ts';

export * from '../index.ts';
export { data, default } from './cloudflare.ts';
