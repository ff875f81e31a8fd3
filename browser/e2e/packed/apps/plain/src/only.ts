import { prefetch } from 'prefetchrouter';

void prefetch('/products/2.html');
