import { install } from 'prefetchrouter/window';

void install();
