/** What is taken out of texts before they leave. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkPathPattern,
  DEFAULT_REDACTION,
  makeCodeRedactor,
  makeRedactor,
  planShipment,
  previewShipment,
  type Redaction,
} from '../../../src/backends/index.ts';
import { buildCargo, buildDestination, buildLoad, planned, threeTypes } from '../../builders/cargo.ts';

const redact = (text: string, changes: Partial<Redaction> = {}): string =>
  makeRedactor({ ...DEFAULT_REDACTION, ...changes })(text);

test.each([
  ['https://shop.example/app.js?v=3#top', 'https://shop.example/app.js'],
  ['https://user:word@shop.example:8080/a', 'https://shop.example:8080/a'],
  ['wss://u@a/b?c', 'wss://a/b'],
  ['Evaluate https://a/b.js?token=1 (12 ms)', 'Evaluate https://a/b.js (12 ms)'],
  ['"https://a/?x=1", "https://b/?y=2"', '"https://a/", "https://b/"'],
  ['data:text/html,<b>secret</b>', 'data:text/html'],
  ['blob:https://a.example/1b9d6bcd-bbfd', 'blob:https://a.example'],
  ['/cart?session=1', '/cart'],
  ['render', 'render'],
  ['a ? b : c', 'a ? b : c'],
  ['chrome-extension://abc/x.js?y', 'chrome-extension://abc/x.js'],
  ['http://[::1]:80/a?b', 'http://[::1]:80/a'],
  // What an address may hold as it is.
  ['https://a/?f={%22token%22:%22s3cret%22}', 'https://a/'],
  ['https://a/b?x=`s3cret`|s3cret^s3cret\\s3cret', 'https://a/b'],
  ["https://a/it's/b?x='s3cret'", "https://a/it's/b"],
  ["https://us'er:word@a/b", 'https://a/b'],
  ["fetch('https://a/p','https://u:word@b/?x=s3cret')", "fetch('https://a/p','https://b/"],
  ['https://archive.example/web/https://u:word@a/b?c', 'https://archive.example/web/https://a/b'],
  ['//u:word@a.example/b?c', '//a.example/b'],
  ['Evaluate data:text/javascript,say("s3cret", \'words\') (1 ms)', 'Evaluate data:text/javascript'],
  ["blob:https://a.example/1b9d#it's", 'blob:https://a.example'],
  ['metadata: a, b', 'metadata: a, b'],
  // Addresses without a host, in other texts.
  ['GET /cart?session=s3cret 200', 'GET /cart 200'],
  ["fetch('/cart?s3cret')", "fetch('/cart"],
  ['load(../a/b#s3cret)', 'load(../a/b'],
  ['Evaluate app.js?s3cret (1 ms)', 'Evaluate app.js (1 ms)'],
  ['cart?token=s3cret', 'cart'],
  ['see page.html#s3cret now', 'see page.html now'],
  // Addresses without slashes.
  ['about:blank?s3cret', 'about:blank'],
  ['about:srcdoc#s3cret', 'about:srcdoc'],
  ["javascript:say('s3cret', 1)", 'javascript:'],
  ['blob:null/1b9d6bcd', 'blob:null'],
  ['blob:chrome-extension://abc/1b9d6bcd', 'blob:chrome-extension://abc'],
  // What a script calls itself (sourceURL) may hold anything.
  ['https://a/b.js?x="s3cret" s3cret <s3cret>', 'https://a/b.js'],
  ['webpack:///./src/a.js?s3cret', 'webpack:///./src/a.js'],
  // Other ways to write them.
  ['https://a/cart;jsessionid=s3cret/b;v=s3cret', 'https://a/cart/b'],
  ['https://a/to/https%3A%2F%2Fu%3Aword%40b%2Fc%3Ftoken%3Ds3cret', 'https://a/to/https%3A%2F%2Fb%2Fc'],
  ['https://a/to/b%253Ftoken%253Ds3cret', 'https://a/to/b'],
  ['https://a/to/b%23s3cret', 'https://a/to/b'],
  // What is no address.
  ['Foo.#bar', 'Foo.#bar'],
  ['x?.y', 'x?.y'],
  ['a?b:c', 'a?b:c'],
  ['get value', 'get value'],
  ['</div>', '</div>'],
  ['std::vector<int, a>::at(int)', 'std::vector<int, a>::at(int)'],
])('%s', (text, redacted) => expect(redact(text)).toBe(redacted));

test('no secret of any address is left, wherever it stands', () => {
  const odd = fc.string({ maxLength: 12 });
  const before = fc.constantFrom('', 'Evaluate ', 'f(', "import('", '"', '[', 'a:', '(anonymous) ');
  const after = fc.constantFrom('', ' (1 ms)', ')', "')", '"', ';', ', https://b.example/c');
  fc.assert(
    fc.property(
      odd,
      odd,
      before,
      after,
      fc.constantFrom('search', 'hash', 'password'),
      (a, b, left, right, part) => {
        const url = new URL('https://shop.example/js/app.js');
        url[part] = `${a}s3cret${b}`;
        expect(redact(left + url.href + right)).not.toContain('s3cret');
      },
    ),
    { numRuns: 500 },
  );
});

test('nor of one without a host', () => {
  const odd = fc.stringMatching(/^[^\s"<>]{0,12}$/u);
  const before = fc.constantFrom('', 'GET ', 'f(', "import('", '"', '[', 'x = ', '(anonymous) ');
  const path = fc.constantFrom('/cart', './a/b.js', '../x', '/a/b;v=1', 'app.mjs', '/');
  const after = fc.constantFrom('', ' 200', '"', ' https://b.example/c');
  fc.assert(
    fc.property(
      odd,
      odd,
      before,
      path,
      fc.constantFrom('?', '?token=', '#', '#/'),
      after,
      (a, b, left, at, sign, right) => {
        fc.pre(!(sign.startsWith('#') && !/[/.]/.test(at)));
        expect(redact(`${left}${at}${sign}${a}s3cret${b}${right}`)).not.toContain('s3cret');
      },
    ),
    { numRuns: 1_000 },
  );
});

test('long hostile texts take no time worth a word', () => {
  const many = 100_000;
  for (const part of [
    '?',
    '//',
    '%3a%2f%2f',
    ';a=',
    '/;',
    'about:a#',
    'blob:',
    'a:',
    '?=',
    '(/',
    'data:',
    '%25',
  ])
    expect(redact(`x ${part.repeat(many)}`).length).toBeLessThanOrEqual(part.length * many + 2);
});

test('each part can be kept', () => {
  const all = { queryStrings: false, fragments: false, userInfo: false };
  expect(redact('https://u:p@a/b?c#d', all)).toBe('https://u:p@a/b?c#d');
  expect(redact('https://u:p@a/b?c#d', { ...all, queryStrings: true })).toBe('https://u:p@a/b#d');
  expect(redact('https://u:p@a/b?c#d', { ...all, fragments: true })).toBe('https://u:p@a/b?c');
});

describe('path parts by pattern', () => {
  const pathParts = ['\\d+', '[^/]+@[^/]+'];
  test.each([
    ['https://a/user/4711/cart', 'https://a/user/:redacted/cart'],
    ['https://a/user/me@mail.example', 'https://a/user/:redacted'],
    ['/orders/12/x', '/orders/:redacted/x'],
    ['https://a/v2/x', 'https://a/v2/x'],
  ])('%s', (text, redacted) => expect(redact(text, { pathParts })).toBe(redacted));

  test('a pattern that is none is told, and does no harm', () => {
    expect(checkPathPattern('(')).toMatch(/[Ii]nvalid|[Uu]nterminated/);
    expect(checkPathPattern('\\d+')).toBeNull();
    expect(redact('https://a/(/b', { pathParts: ['('] })).toBe('https://a/(/b');
  });
});

test('of a script addresses with a host alone: the rest is code', () => {
  const code = '/* why? */ x?y=1:/a#b/; f("./c?d=e"); get(`https://u:w@a/b?s3cret`)';
  expect(makeCodeRedactor(DEFAULT_REDACTION)(code)).toBe(
    '/* why? */ x?y=1:/a#b/; f("./c?d=e"); get(`https://a/b',
  );
});

test('half a character becomes one that can be sent', () => expect(redact('a:\ud83d')).toBe('a:\ufffd'));

describe('nothing of it leaves', () => {
  const secret = 'https://user:pass@shop.example/app.js?token=s3cret#frag';
  const cargo = buildCargo({
    profiles: threeTypes({ [`f1@${secret}`]: 1_000, 'Evaluate https://a/?token=s3cret': 500 }),
    load: buildLoad({ url: secret, document: null }),
    title: 'Cart of s3cret',
    tags: { service_name: 'shop', page: secret },
  });

  test.each(['pyroscope', 'parca', 'otlp', 'otlp-traces'] as const)('%s', async (kind) => {
    const destination = buildDestination(kind, 'http://127.0.0.1:4040');
    const plan = await planned(cargo, destination);
    const preview = JSON.stringify(previewShipment(plan, destination));
    expect(preview).not.toMatch(/s3cret|user:pass|frag/);
    expect(preview).toContain('shop.example/app.js');
  });

  test('what is not redacted is in the preview', async () => {
    const none = { queryStrings: false, fragments: false, userInfo: false, pathParts: [], titles: false };
    const destination = buildDestination('otlp-traces', 'http://127.0.0.1:4318', { redaction: none });
    const preview = JSON.stringify(previewShipment(await planned(cargo, destination), destination));
    expect(preview).toContain('Cart of s3cret');
    expect(preview).toContain('token=s3cret');
  });
});

test('a preview shows the address, the labels and the names of each request', async () => {
  const destination = buildDestination('pyroscope', 'http://127.0.0.1:4040/base/', {
    labels: { env: 'test' },
  });
  const plan = await planShipment(buildCargo(), destination, { now: Date.now(), age: 'ad-hoc' });
  if (!plan.ok) throw new Error(plan.failure.message);
  const [only, ...others] = previewShipment(plan.value, destination);
  expect(others).toEqual([]);
  expect(only.address).toBe('http://127.0.0.1:4040/base/push.v1.PusherService/Push');
  expect(only.labels).toMatchObject({ service_name: 'shop', env: 'test', __name__: 'process_cpu' });
  expect(only.texts).toEqual(expect.arrayContaining(['f1', 'f2', 'f3', 'Layout', 'scripting', 'rendering']));
  expect(only.bytes).toBeGreaterThan(100);
});

test('what is uploaded ad hoc has a name, which is redacted and shown, and no labels', async () => {
  const destination = buildDestination('pyroscope', 'http://127.0.0.1:4040');
  const cargo = buildCargo({
    name: 'Load of https://shop.example/cart?token=s3cret',
    unixMillisAtZero: Date.now() - 5 * 3_600_000,
  });
  const plan = await planned(cargo, destination);
  const previews = previewShipment(plan, destination);
  expect(previews.map(({ labels }) => labels)).toEqual(previews.map(() => ({})));
  const names = plan.parcels.map(({ content }) => (content.kind === 'pyroscope-adhoc' ? content.name : ''));
  expect(names[0]).toMatch(/^Load-of-https-shop.example-cart-cpu-of-main-[0-9a-f]{8}$/);
  expect(previews.map(({ texts }) => texts[0])).toEqual(names);
});
