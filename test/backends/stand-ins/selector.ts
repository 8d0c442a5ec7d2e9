/**
 * Label selectors as Pyroscope and Parca take them: `{service_name="shop",page=~"/cart.*"}`.
 * In: text. Out: a predicate over labels. Refuses what does not parse, in the words of Prometheus' parser.
 */

export class SelectorError extends Error {}

export type Labels = Readonly<Record<string, string>>;

const MATCHER = /\s*([a-zA-Z_][\w.]*|"(?:[^"\\]|\\.)*")\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|`[^`]*`)\s*/y;

export function parseSelector(text: string): (labels: Labels) => boolean {
  if (!text.startsWith('{')) throw new SelectorError(`1:1: parse error: unexpected "${text[0] ?? ''}"`);
  const matchers: ((labels: Labels) => boolean)[] = [];
  let at = 1;
  while (text.slice(at).trimStart()[0] !== '}') {
    MATCHER.lastIndex = at;
    const found = MATCHER.exec(text);
    if (found === null)
      throw new SelectorError(`1:${text.length + 1}: parse error: unexpected end of input inside braces`);
    const [, name, operator, value] = found;
    matchers.push(matcher(unquote(name), operator, unquote(value)));
    at = MATCHER.lastIndex;
    if (text[at] === ',') at++;
    else if (text[at] !== '}')
      throw new SelectorError(`1:${at + 1}: parse error: unexpected ${text[at] ?? 'end of input'}`);
  }
  return (labels) => matchers.every((matches) => matches(labels));
}

function unquote(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  if (!text.startsWith('"')) return text;
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
  return text
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs, (_, u: string, x: string, each: string) =>
      u || x ? String.fromCharCode(Number.parseInt(u || x, 16)) : (escapes[each] ?? each),
    );
}

function matcher(name: string, operator: string, value: string): (labels: Labels) => boolean {
  const of = (labels: Labels): string => (Object.hasOwn(labels, name) ? labels[name] : '');
  if (operator === '=') return (labels) => of(labels) === value;
  if (operator === '!=') return (labels) => of(labels) !== value;
  const pattern = new RegExp(`^(?:${value})$`, 'su');
  return operator === '=~' ? (labels) => pattern.test(of(labels)) : (labels) => !pattern.test(of(labels));
}

/** `{a="b", c="d"}`, as the servers print labels in their errors. */
export function printLabels(pairs: readonly (readonly [string, string])[]): string {
  const sorted = [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${sorted.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}
