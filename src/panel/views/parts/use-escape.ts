/**
 * Esc for what is open: heard before DevTools, which prevents the key's default in its panels and opens its drawer.
 * In: what it does. Out: nothing; it is heard for as long as the component is there.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';

export function useEscape(does: () => void): void {
  const latest = useRef(does);
  latest.current = does;
  // Before the next key comes: an effect after painting would miss one that follows at once.
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopImmediatePropagation();
      latest.current();
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, []);
}
