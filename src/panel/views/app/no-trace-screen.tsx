/**
 * A recording whose trace is gone: says so and why, and shows what is left of it.
 */
import type { Failure } from '../../../base/index.ts';
import type { Recording } from '../../../recording/index.ts';
import type { App } from '../../state/app.ts';
import { judgeQuality } from '../../state/facts/quality.ts';
import { FilmstripPage } from '../chart/filmstrip.tsx';
import { PagePane } from '../facts/page-pane.tsx';
import { QualityNotes } from '../facts/quality-pane.tsx';
import { BadIcon } from '../parts/icons.tsx';

export interface NoTraceScreenProps {
  readonly app: App;
  readonly recording: Recording;
  readonly failure: Failure;
}

export function NoTraceScreen({ app, recording, failure }: NoTraceScreenProps) {
  // Why it is cut off stands above already.
  const others = judgeQuality(recording, null).notes.filter(({ text }) => text !== recording.cutOff?.message);
  return (
    <main class="no-trace">
      <section class="gone" aria-label="Why there is no trace">
        <BadIcon />
        <div>
          <h1>The trace of this recording is gone</h1>
          {recording.cutOff !== null && <p>{recording.cutOff.message}</p>}
          <p>{failure.message}</p>
        </div>
      </section>
      <PagePane recording={recording} opened={null} origin={0} />
      {others.length > 0 && <QualityNotes notes={others} />}
      {recording.frames.length > 0 && <FilmstripPage library={app.outside.library} recording={recording} />}
    </main>
  );
}
