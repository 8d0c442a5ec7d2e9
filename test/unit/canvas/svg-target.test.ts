/** Pictures as SVG: vectors, texts that are texts, and nothing of a trace that could be markup. */
import { describe, expect, test } from 'vitest';
import { escapeXml, SvgTarget } from '../../../src/panel/canvas/paint/svg-target.ts';

const RULER = { setFont: () => undefined, measure: (text: string) => text.length * 6 };
const target = () => new SvgTarget(100, 50, RULER);

describe('a picture as SVG', () => {
  test('holds boxes, clipped to its size', () => {
    const svg = target();
    svg.fill('#fff', { x: -10, y: 40, width: 30, height: 30 });
    svg.fill('#000', { x: 200, y: 0, width: 5, height: 5 });
    expect(svg.body()).toBe('<rect x="0" y="40" width="20" height="10" fill="#fff"/>');
  });

  test('holds rows as paths of one colour each', () => {
    const svg = target();
    const pixels = svg.takeLines(2);
    pixels.fill(0xff0000ff, 100, 110);
    pixels.fill(0xff00ff00, 110, 120);
    pixels.fill(0xff0000ff, 130, 131);
    svg.keepLines();
    svg.showLine(1, 40, 17);
    expect(svg.body()).toBe(
      '<path d="M0 40h10v10h-10zM30 40h1v10h-1z" fill="#ff0000"/>\n<path d="M10 40h10v10h-10z" fill="#00ff00"/>',
    );
  });

  test('holds texts that are texts, as wide as they were measured, none out of sight', () => {
    const svg = target();
    svg.setFont('11px "Segoe UI", sans-serif');
    svg.text('#000', 'a<script>&"b"', 4, 12);
    svg.text('#000', 'below', 4, 60);
    svg.text('#000', '   ', 4, 12);
    expect(svg.body()).toBe(
      '<text x="4" y="12" fill="#000" textLength="78" lengthAdjust="spacingAndGlyphs" font-family="&quot;Segoe UI&quot;, sans-serif" font-size="11">a&lt;script&gt;&amp;&quot;b&quot;</text>',
    );
  });

  test('holds triangles and diamonds', () => {
    const svg = target();
    svg.corners('red', [{ x: 20, y: 3 }], 6);
    svg.diamonds('blue', [{ x: 20, y: 9 }], 4);
    expect(svg.body()).toBe(
      '<path d="M14 3h6v6z" fill="red"/>\n<path d="M16 9.5l4.5 -4.5l4.5 4.5l-4.5 4.5z" fill="blue"/>',
    );
  });
});

test('what XML has no character for is left out', () => {
  expect(escapeXml('a\u0000b\u001fc\ufffed\ud800e\u{1f525}f\tg')).toBe('abcde\u{1f525}f\tg');
});
