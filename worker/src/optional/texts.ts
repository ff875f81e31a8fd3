import { optional } from '../optional.ts';
import type { Placeholder, Reading } from '../rules/data.ts';
import { reader } from '../rules/readings.ts';

/** The text of a placeholder for the value of its variable. */
export function transformed([, , operator, ...operands]: Placeholder, value: string | undefined): string {
  const text = operands[0] as string;
  switch (operator) {
    case '':
      return value ?? '';
    case ':=':
      return value || text;
    case '=':
      return value ?? text;
    case ':+':
      return value ? text : '';
    case '+':
      return value === undefined ? '' : text;
    default:
      return value ? optional.onText(value, operator, operands) : '';
  }
}

const isOfResponse = (reading: Reading): boolean =>
  typeof reading === 'string' && reading.startsWith('response-header-like ');

optional.expand = (template, context, seen = context, change = (text) => text): string => {
  if (typeof template === 'string') return change(template);
  return template
    .map((part) => {
      if (typeof part === 'string') return change(part);
      const [reading] = part;
      return transformed(part, reader(reading)(isOfResponse(reading) ? seen : context));
    })
    .join('');
};
