/** A place in source code that opens the source view. Out of the order of Tab: the grid's own keys open it, too. */
import type { SourcePlace } from '../../../flame/index.ts';
import { describeSource } from '../../words/places.ts';

interface SourceLinkProps {
  readonly source: SourcePlace;
  readonly onOpen: () => void;
}

export function SourceLink({ source, onOpen }: SourceLinkProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      class="source-link"
      title={`${source.url}\nShow its source`}
      onClick={(event) => {
        event.stopPropagation();
        onOpen();
      }}
    >
      {describeSource(source)}
    </button>
  );
}
