import { testApps } from './support/testApps';
import { testNext } from './support/testNext';

testApps('firefox');
testNext('firefox');
