import { describe, expect, test } from 'vitest';
import { layOutArguments, tellFacts, tellStack } from '../../../src/flame/index.ts';

const told = (name: string, args: Record<string, unknown>, fields = {}): string[] =>
  tellFacts(name, { args, fields }).map(({ name: fact, text, source }) => {
    const place = source === null ? '' : `${source.url}:${source.line}:${source.column}`;
    return `${fact}: ${[text, place].filter((part) => part !== '').join(' ')}`.replaceAll(
      /[\u00a0\u202f]/g,
      ' ',
    );
  });

describe('facts first', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    [
      'Layout',
      {
        beginData: { dirtyObjects: 6, totalObjects: 10, partialLayout: false },
        endData: { layoutRoots: [{ nodeName: '#document' }, { nodeName: 'DIV' }] },
      },
      ['Objects to lay out: 6', 'Objects in all: 10', 'Scope: whole document', 'Root: #document and 1 more'],
    ],
    ['UpdateLayoutTree', { elementCount: 12_345 }, ['Elements affected: 12 345']],
    [
      'ParseHTML',
      { beginData: { startLine: 0, url: 'http://a/' }, endData: { endLine: 136 } },
      ['URL: http://a/:0:0', 'Lines: 1 – 137'],
    ],
    ['ParseHTML', { beginData: { startLine: 4, url: '' }, endData: { endLine: -1 } }, ['Lines: from 5 on']],
    [
      'FunctionCall',
      { data: { functionName: 'tick', url: 'http://a/b.js', lineNumber: 6, columnNumber: 22 } },
      ['Function: tick', 'Script: http://a/b.js:6:22'],
    ],
    [
      'TimerInstall',
      { data: { timerId: 2, timeout: 100, singleShot: false } },
      ['Timer id: 2', 'Timeout: 100 ms', 'Repeats: yes'],
    ],
    ['EventDispatch', { data: { type: 'click' } }, ['Type: click']],
    [
      'MinorGC',
      { usedHeapSizeBefore: 1_838_872, usedHeapSizeAfter: 330_896, type: 'allocation failure' },
      [
        'Heap before: 1.84 MB (1 838 872 B)',
        'Heap after: 331 kB (330 896 B)',
        'Reclaimed: 1.51 MB (1 507 976 B)',
        'Reason: allocation failure',
      ],
    ],
    [
      'Paint',
      { data: { clip: [15.13469, 201.3754, 555.359, 201.3754, 555.359, 400.648, 15.1, 400.6] } },
      ['Painted: 540 × 199 px at 15.13, 201.38'],
    ],
    ['Layout', { endData: { layoutRoots: [{ nodeId: 143 }, { nodeId: 206 }] } }, ['Root: 2 nodes']],
    [
      'TimeStamp',
      { data: { message: 'ts', track: 'Mine', trackGroup: 'All' } },
      ['Message: ts', 'Track: Mine', 'Track group: All'],
    ],
    ['Paint', { data: { clip: [8, 9, 1288, 9, 1288, 809, 8, 809] } }, ['Painted: 1 280 × 800 px at 8, 9']],
    [
      'ResourceSendRequest',
      {
        data: {
          url: 'http://a/x.json',
          priority: 'High',
          requestMethod: 'GET',
          encodedDataLength: -1,
          initiator: { type: 'script', url: 'http://a/b.js', lineNumber: 7, columnNumber: 1 },
        },
      },
      ['URL: http://a/x.json:0:0', 'Method: GET', 'Priority: High', 'Initiator: script http://a/b.js:8:2'],
    ],
    ['FireAnimationFrame', { data: { id: 3 } }, ['Callback id: 3']],
    [
      'ResourceReceiveResponse',
      {
        data: {
          statusCode: 200,
          encodedDataLength: 542,
          responseTime: 0,
          timing: {
            requestTime: 1,
            dnsStart: 0.5,
            dnsEnd: 1.75,
            sslStart: -1,
            sslEnd: -1,
            sendEnd: 2,
            receiveHeadersStart: 9,
          },
        },
      },
      [
        'Status: 200',
        'Transferred: 542 B',
        'DNS lookup: 1.25 ms',
        'Waiting for the server: 7 ms',
        'Server answered: 1970-01-01T00:00:00.000Z',
      ],
    ],
    [
      'EventTiming',
      { data: { type: 'click', duration: 24, timeStamp: 10, processingStart: 12.5, processingEnd: 20 } },
      ['Type: click', 'Duration: 24 ms', 'Input delay: 2.5 ms', 'Processing: 7.5 ms'],
    ],
    [
      'PaintImage',
      { data: { width: 326, height: 130.390625, x: 41.2, y: 27, srcWidth: 100, srcHeight: 40 } },
      ['Painted: 326 × 130.39 px', 'At: 41.2, 27 px', 'Size of the image: 100 × 40 px'],
    ],
    ['GPUTask', { data: { used_bytes: 24_920_064 } }, ['GPU memory used: 24.9 MB (24 920 064 B)']],
    [
      'anything the page measures',
      { data: { startTime: 1469.7, navigationId: 'A' } },
      ['Since the page began: 1 469.7 ms'],
    ],
    [
      'RunTask',
      { src_func: 'OnRead', src_file: 'net/url.cc', src_line: 9 },
      ['Posted from: OnRead net/url.cc:9:0'],
    ],
  ])('%s', (name, args, expected) => {
    expect(told(name, args)).toEqual(expected);
  });

  test('the thread time of any event', () => {
    expect(told('Whatever', {}, { tdur: 1_500 })).toEqual(['CPU time: 1.5 ms']);
  });

  test('fields of another type, and names that objects have by themselves, say nothing', () => {
    const odd = { data: { url: 7, type: {}, timerId: [], clip: [1, 'a'] }, beginData: 'text', endData: null };
    for (const name of [
      'Layout',
      'Paint',
      'ParseHTML',
      'EventDispatch',
      'TimerFire',
      'ResourceFinish',
      'constructor',
    ])
      expect(told(name, odd)).toEqual([]);
  });
});

describe('the stack', () => {
  const frame = { functionName: '', url: 'http://a/b.js', lineNumber: 3, columnNumber: 4 };

  test('wherever the event keeps it, as people count lines', () => {
    for (const args of [
      { data: { stackTrace: [frame] } },
      { beginData: { stackTrace: [frame] } },
      { stackTrace: [frame] },
    ])
      expect(tellStack({ args, fields: {} })).toEqual({
        frames: [{ text: '(anonymous)', source: { url: 'http://a/b.js', line: 3, column: 4 } }],
        leftOut: 0,
      });
  });

  test('a deep one is cut and counted; odd frames stay frames', () => {
    const stack = tellStack({ args: { data: { stackTrace: [null, ...Array(99).fill(frame)] } }, fields: {} });
    expect(stack.frames).toHaveLength(50);
    expect(stack.leftOut).toBe(50);
    expect(stack.frames[0]).toEqual({ text: '(anonymous)', source: null });
  });
});

describe('all arguments', () => {
  test('names and values, the other fields last', () => {
    const { children } = layOutArguments({
      args: { data: { list: [1, null, 'a'], none: {}, empty: [] }, ok: true },
      fields: { id: '0x1' },
    });
    expect(children.map(({ name, text }) => [name, text])).toEqual([
      ['data', ''],
      ['ok', 'true'],
      ['id', '0x1'],
    ]);
    expect(children[0].children.map(({ name, text }) => [name, text])).toEqual([
      ['list', ''],
      ['none', '{}'],
      ['empty', '[]'],
    ]);
    expect(children[0].children[0].children.map(({ text }) => text)).toEqual(['1', 'null', 'a']);
  });

  test('numbers have the unit that their key says; ids and counts have none', () => {
    const args = {
      used_bytes: 24_920_064,
      idle_period_length_ms: 9.5,
      now_us: 2_000,
      rect: [8, 9],
      width: 3,
      frame_count: 7,
    };
    const { children } = layOutArguments({ args, fields: { nodeId: 4 } });
    const leaves = children.flatMap((child) => (child.children.length > 0 ? child.children : [child]));
    expect(leaves.map(({ name, text, unit }) => `${name} ${text} ${unit}`.replaceAll('\u00a0', ' '))).toEqual(
      [
        'used_bytes 24920064 24.9 MB',
        'idle_period_length_ms 9.5 9.5 ms',
        'now_us 2000 2 ms',
        '0 8 px',
        '1 9 px',
        'width 3 px',
        'frame_count 7 ',
        'nodeId 4 ',
      ],
    );
  });

  test('long texts, long lists and deep nesting are cut, and what is left out is counted', () => {
    let deep: unknown = 'bottom';
    for (let i = 0; i < 5_000; i++) deep = { deep };
    const args = { text: 'x'.repeat(4_000), list: Array(5_000).fill(0), deep };
    const { children } = layOutArguments({ args, fields: {} });
    expect(children[0].text).toHaveLength(1_000);
    expect(children[0].cut).toBe(3_000);
    expect(children[1].children).toHaveLength(100);
    expect(children[1].leftOut).toBe(4_900);
    let at = children[2];
    let depth = 0;
    for (; at.children.length > 0; depth++) at = at.children[0];
    expect(depth).toBeLessThan(20);
    expect(at.leftOut).toBe(1);
  });

  test('however wide and deep, no more than 2000 nodes', () => {
    const wide = (depth: number): unknown =>
      depth === 0 ? 1 : Array.from({ length: 20 }, () => wide(depth - 1));
    const count = (node: ReturnType<typeof layOutArguments>): number =>
      node.children.reduce((sum, child) => sum + count(child), 1);
    expect(count(layOutArguments({ args: { wide: wide(4) }, fields: {} }))).toBe(2_001);
  });
});
