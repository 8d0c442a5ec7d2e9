/**
 * The focus is never lost: where what has it leaves the page or is switched off (a deleted row, a notice that was put
 * away, a screen that gives way to another), it goes on next to where it was, and a screen reader says where that is.
 * In: the page's root. Out: nothing. It keeps out of the way of whoever moves the focus on purpose, before or after.
 */

const FOCUSABLE =
  ':is(button, input, select, textarea, a[href], summary, [tabindex]):not(:disabled, [tabindex="-1"])';

export function keepFocus(root: HTMLElement): void {
  let last: HTMLElement | null = null;
  const isLost = (): boolean => last !== null && (!last.isConnected || last.matches(':disabled'));
  const goOn = (records: readonly MutationRecord[]): void => {
    if (last === null || !isLost() || !document.hasFocus()) return;
    if (document.activeElement !== document.body && document.activeElement !== last) return;
    const lost = last;
    last = null;
    (findNext(lost, records) ?? findHeading())?.focus({ preventScroll: true });
  };
  root.addEventListener('focusin', ({ target }) => {
    last = target instanceof HTMLElement ? target : null;
  });
  root.addEventListener('focusout', ({ target }) => {
    // What is taken away is left, too, a moment before it goes; what is still there then was left on purpose.
    setTimeout(() => {
      if (target === last && !isLost() && document.activeElement === document.body) last = null;
    });
  });
  new MutationObserver((records) => {
    if (!isLost()) return;
    // What is only switched off keeps the focus until the page is drawn again.
    if (last?.isConnected === true) requestAnimationFrame(() => goOn([]));
    else goOn(records);
  }).observe(root, { childList: true, subtree: true, attributeFilter: ['disabled'] });
}

/** The same in the row after, else in the row before, else what else can be done there; null where the place is gone. */
function findNext(lost: HTMLElement, records: readonly MutationRecord[]): HTMLElement | null {
  const places = lost.isConnected
    ? [lost.nextElementSibling, lost.previousElementSibling, lost.parentElement]
    : placesOf(lost, records);
  const here = places.filter((place) => place instanceof HTMLElement && place.isConnected && isSeen(place));
  for (const place of here) {
    const all = focusablesOf(place as HTMLElement);
    const same = lost.title === '' ? undefined : all.find(({ title }) => title === lost.title);
    const found = same ?? all[0];
    if (found !== undefined) return found;
  }
  return null;
}

/** What stood beside the part that was taken away with `lost` in it, and what it stood in. */
function placesOf(lost: HTMLElement, records: readonly MutationRecord[]): readonly (Node | null)[] {
  for (const { removedNodes, nextSibling, previousSibling, target } of records)
    for (const node of removedNodes)
      if (node.contains(lost)) return isScreen(node) ? [] : [nextSibling, previousSibling, target];
  return [];
}

/** Another screen begins at its heading. */
const isScreen = (node: Node): boolean => node instanceof HTMLElement && node.matches('main');

const isSeen = (element: HTMLElement): boolean => element.checkVisibility({ visibilityProperty: true });

function focusablesOf(place: HTMLElement): HTMLElement[] {
  const inside = [...place.querySelectorAll<HTMLElement>(FOCUSABLE)];
  return [...(place.matches(FOCUSABLE) ? [place] : []), ...inside].filter(isSeen);
}

/** Of the dialog in front, else of the screen; it takes the focus, but the Tab key passes it by. */
function findHeading(): HTMLElement | null {
  const inFront = [...document.querySelectorAll('dialog[open]')].at(-1);
  const heading = (inFront ?? document).querySelector<HTMLElement>(inFront ? 'h1' : 'main h1');
  if (heading !== null) heading.tabIndex = -1;
  return heading;
}
