/** What was just taken away, and the way back to it. In: the app. Out: a line that is read out; empty where there is none. */
import type { App } from '../../state/app.ts';

export function RemovalLine({ app: { sending } }: { readonly app: App }) {
  const removal = sending.removal.value;
  return (
    <p role="status" class="setting-buttons">
      {removal !== null && (
        <>
          {removal.words}
          <button type="button" class="plain-button" onClick={removal.undo}>
            Undo
          </button>
        </>
      )}
    </p>
  );
}
