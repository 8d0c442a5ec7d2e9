/**
 * What the connected backends know of the open trace, kept while it is shown; its code loads when nothing else is to be
 * done. In: the app, the open trace. Out: the view's parts; null until they are there.
 */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Recording } from '../../../recording/index.ts';
import type { App } from '../../state/app.ts';
import type { Elsewhere } from '../../state/comparison/elsewhere.ts';
import type { BackendsDoor } from '../../state/doors.ts';
import type { TraceView } from '../../state/trace-view.ts';
import { useRoom } from '../app/lazy-room.ts';

export interface LoadedElsewhere {
  readonly room: typeof import('./elsewhere.tsx');
  readonly door: BackendsDoor;
  readonly elsewhere: Elsewhere;
}

const loadWhenIdle = () =>
  new Promise<typeof import('./elsewhere.tsx')>((resolve) => {
    requestIdleCallback(() => resolve(import('./elsewhere.tsx')));
  });

export function useElsewhere(
  { outside }: App,
  view: TraceView,
  recording: Recording | null,
): LoadedElsewhere | null {
  const room = useRoom(true, loadWhenIdle);
  const [door, setDoor] = useState<BackendsDoor | null>(null);
  useEffect(() => {
    if (room !== null) void outside.backends().then(setDoor);
  }, [outside, room]);
  const elsewhere = useMemo(
    () =>
      room === null || door === null
        ? null
        : room.createElsewhere({ outside, door, opened: view.opened, recording }),
    [outside, room, door, view, recording],
  );
  const backends = door?.list.value;
  const allowed = door?.allowed.value;
  useEffect(() => {
    void elsewhere?.showSpans().then((isShown) => {
      // As after other names: the chart is laid out anew, and what is selected is told anew.
      if (isShown) view.names.value++;
    });
  }, [elsewhere, view, backends, allowed]);
  return room === null || door === null || elsewhere === null ? null : { room, door, elsewhere };
}
