/**
 * Where a page's texts lie: what of them lies over another, or is cut in its height.
 * In: a page or frame. Out: one line per finding; none is what tests expect. With a dialog or menu open, of that alone.
 */
import type { Frame, Page } from 'playwright';

export async function findClashes(place: Page | Frame): Promise<readonly string[]> {
  const frame: { evaluate: Frame['evaluate'] } = place;
  return frame.evaluate(() => {
    interface Text {
      readonly node: Node;
      readonly words: string;
      readonly left: number;
      readonly top: number;
      readonly right: number;
      readonly bottom: number;
    }
    const found = new Set<string>();
    const texts: Text[] = [];
    const front =
      [...document.querySelectorAll('dialog[open], [popover]:popover-open')].at(-1) ?? document.body;
    const walker = document.createTreeWalker(front, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      const words = (node.textContent ?? '').trim();
      if (words === '' || element === null) continue;
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      if (element.closest('option') !== null) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) addText(node, words, rect);
    }
    for (const [at, one] of texts.entries())
      for (const other of texts.slice(at + 1))
        if (liesOver(one, other)) found.add(`“${one.words}” and “${other.words}” lie over each other`);
    for (const button of front.querySelectorAll('button'))
      if (
        button.checkVisibility() &&
        button.clientHeight > 1 &&
        button.scrollHeight > button.clientHeight + 3
      )
        found.add(`“${button.textContent}” is higher than its button`);
    return [...found];

    /** As far as it is seen: what only readers hear is a pixel. */
    function addText(node: Node, words: string, rect: DOMRect): void {
      let [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom];
      for (let around = node.parentElement; around !== null; around = around.parentElement) {
        const { overflowX, overflowY, position } = getComputedStyle(around);
        if (overflowX !== 'visible' || overflowY !== 'visible') {
          const box = around.getBoundingClientRect();
          if (overflowY === 'hidden' && box.height > 1 && box.height < rect.height - 2)
            found.add(`“${words}” is cut in its height by .${around.className}`);
          [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
          [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
        }
        if (position === 'fixed') break;
      }
      [right, bottom] = [Math.min(right, innerWidth), Math.min(bottom, innerHeight)];
      // Above and below its letters a line is empty.
      const empty = (bottom - top) * 0.15;
      if (right - left > 2 && bottom - top > 4)
        texts.push({
          node,
          words: words.slice(0, 40),
          left,
          top: top + empty,
          right,
          bottom: bottom - empty,
        });
    }

    function liesOver(one: Text, other: Text): boolean {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      // A line that is cut short has a part for what is seen and one for what is not.
      const isOneLine = one.node === other.node && one.top === other.top;
      return !isOneLine && across > 3 && down > 2;
    }
  });
}
