import { optional } from '../optional.ts';
import { Rules } from '../rules/walk.ts';

optional.rules = (data) => new Rules(data);
