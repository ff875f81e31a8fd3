import type { Fields } from '../http/fields.ts';
import { asBrowsersWrite } from '../http/target.ts';
import { optional } from '../optional.ts';
import type { Context } from '../rules/context.ts';
import type { Template } from '../rules/data.ts';

/** The text of a header: with variables filled in, or what a variable of conditions holds. */
function textOf(value: unknown, context: Context, headers?: Fields): string {
  if (typeof value === 'string') return value;
  const own = headers && new Map([...headers].filter(([, texts]) => texts.length));
  const seen = own && context.withResponse({ status: context.response?.status ?? 0, headers: own });
  return optional.expand(value as Template, context, seen);
}

function set(headers: Fields, name: string, text: string): void {
  if (name.startsWith('+')) {
    const own = headers.get(name.slice(1)) ?? [''];
    headers.set(name.slice(1), [...own.slice(0, -1), `${own.at(-1) ?? ''}${text}`]);
  } else if (text) headers.set(name, [text]);
  else headers.delete(name);
}

optional.changeRequest = (headers, { changes }, context): void => {
  for (const feature of ['set_request_headers', 'set_client_ip_custom_header'])
    for (const [name, value] of changes[feature] ?? []) set(headers, name, textOf(value, context));
};

optional.changeHeaders = (headers, { changes }, context, whose): void => {
  for (const [name] of changes[`remove_${whose}response_headers`] ?? []) headers.delete(name);
  for (const [name, value] of changes[`set_${whose}response_headers`] ?? []) {
    const text = textOf(value, context, headers);
    set(headers, name, name === 'location' ? asBrowsersWrite(text) : text);
  }
  for (const [written, value] of changes[`add_${whose}response_headers`] ?? []) {
    const name = written.replace(/^\+/, '');
    headers.set(name, [...(headers.get(name) ?? []), textOf(value, context, headers)]);
  }
};
