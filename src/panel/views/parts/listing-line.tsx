/**
 * Some hundred thousand rows take their time to be put in order: what is said meanwhile, with a way to give it up. The table
 * as it was stands until then. In: whether it lasts. Out: a line for eyes and readers, empty where nothing does.
 */
import type { ReadonlySignal } from '@preact/signals';

interface ListingLineProps {
  readonly isListing: ReadonlySignal<boolean>;
  /** Goes back to the order and the filter that are shown. */
  readonly onCancel: () => void;
}

export function ListingLine({ isListing, onCancel }: ListingLineProps) {
  return (
    <p class="view-note" role="status">
      {isListing.value && (
        <>
          Putting the rows in order…{' '}
          <button type="button" class="link-button" onClick={onCancel}>
            Cancel
          </button>
        </>
      )}
    </p>
  );
}
