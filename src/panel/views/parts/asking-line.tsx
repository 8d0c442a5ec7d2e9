/**
 * What a view says while its answer, or its rows, take their time: that it is at it, and how to give it up. What was shown
 * before stands meanwhile.
 * In: how the question stands. Out: a line for eyes and readers; empty where nothing takes long.
 */
import type { Asking } from '../../state/latest.ts';

interface AskingLineProps {
  readonly asking: Asking;
  /** `Adding up…`. */
  readonly working: string;
  /** What is so once it was given up. */
  readonly givenUp?: string;
}

export function AskingLine({
  asking,
  working,
  givenUp = 'Given up: what is shown is as it was before.',
}: AskingLineProps) {
  const state = asking.state.value;
  return (
    <p class="view-note" role="status">
      {state === 'late' && <Line words={working} does="Cancel" onPress={asking.giveUp} />}
      {state === 'given-up' && <Line words={givenUp} does="Go on after all" onPress={asking.again} />}
    </p>
  );
}

interface LineProps {
  readonly words: string;
  readonly does: string;
  readonly onPress: () => void;
}

function Line({ words, does, onPress }: LineProps) {
  return (
    <>
      {words}{' '}
      <button type="button" class="link-button" onClick={onPress}>
        {does}
      </button>
    </>
  );
}
