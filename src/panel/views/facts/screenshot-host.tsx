/** The picture of the page that is selected, loaded with the first one; nothing where something else is. */
import type { Recording } from '../../../recording/index.ts';
import type { App } from '../../state/app.ts';
import { shelfOfTrace } from '../../state/facts/page-pictures.ts';
import type { TraceView } from '../../state/trace-view.ts';
import { useRoom } from '../app/lazy-room.ts';

const load = () => import('./screenshot-pane.tsx');

interface ScreenshotHostProps {
  readonly app: App;
  readonly view: TraceView;
  readonly recording: Recording | null;
}

export function ScreenshotHost({ app, view, recording }: ScreenshotHostProps) {
  const details = view.details.value;
  const isPicture = details?.eventName === 'Screenshot' && !details.onThread;
  const room = useRoom(isPicture, load);
  const shelf = isPicture ? shelfOfTrace({ ...app.outside, opened: view.opened, recording }) : null;
  if (!isPicture || room === null || shelf === null) return null;
  const { slice, start } = details;
  return <room.ScreenshotPane shelf={shelf} view={view} slice={slice} start={start} />;
}
