/**
 * The page: its vitals with what web-vitals attributes them to, its milestones, and how it was recorded.
 */
import type { Micros } from '../../../base/index.ts';
import type { OpenedRecording } from '../../../engine/client.ts';
import { NO_VITALS, type Recording } from '../../../recording/index.ts';
import { listFacts } from '../../state/facts/page-facts.ts';
import { type VitalRow, viewVitals } from '../../state/facts/vitals-view.ts';
import { formatSince } from '../../words/format.ts';
import { nameMilestone } from '../../words/milestones.ts';
import { RatingIcon } from '../parts/icons.tsx';

interface PagePaneProps {
  readonly recording: Recording | null;
  /** null where the trace is gone. */
  readonly opened: OpenedRecording | null;
  readonly origin: Micros;
}

export function PagePane({ recording, opened, origin }: PagePaneProps) {
  return (
    <div class="columns">
      <VitalsTable rows={viewVitals(recording?.vitals ?? NO_VITALS, opened?.vitals)} />
      {opened !== null && opened.milestones.length > 0 && (
        <section>
          <h2>Milestones</h2>
          <table class="numbers">
            <tbody>
              {opened.milestones.map(({ name, time }) => (
                <tr key={`${name}@${time}`}>
                  <th scope="row">{nameMilestone(name)}</th>
                  <td class="number">{formatSince(time - origin)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <section>
        <h2>Recording</h2>
        <dl class="facts">
          {listFacts(recording, opened).map(([label, text]) => (
            <FactRow key={label} label={label} text={text} />
          ))}
        </dl>
      </section>
    </div>
  );
}

function FactRow({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{text}</dd>
    </>
  );
}

function VitalsTable({ rows }: { readonly rows: readonly VitalRow[] }) {
  return (
    <section>
      <h2>Web vitals</h2>
      <table class="numbers vitals">
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">
                {row.fullName} <span class="quiet">{row.name}</span>
                {row.attribution.length > 0 && <Attribution row={row} />}
              </th>
              <td class="number">{row.value}</td>
              <td class={row.rating === null ? 'quiet' : `rating-word rating-${row.rating}`}>
                {row.rating !== null && <RatingIcon rating={row.rating} />}
                {row.word}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Attribution({ row }: { readonly row: VitalRow }) {
  return (
    <details>
      <summary>Made of</summary>
      <dl class="facts">
        {row.attribution.map(([label, text]) => (
          <FactRow key={label} label={label} text={text} />
        ))}
      </dl>
    </details>
  );
}
