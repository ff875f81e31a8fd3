import { testApps } from './support/testApps';
import { testNext } from './support/testNext';

testApps('chromium');
testNext('chromium');
