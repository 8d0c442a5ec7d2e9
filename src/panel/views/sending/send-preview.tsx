/** Exactly what would leave: requests with their sizes, labels with what is to be said of each, texts, what is left out. */
import type { LabelProblem, ParcelPreview, RedactionReport, ShipmentPlan } from '../../../backends/index.ts';
import { formatBytes } from '../../../flame/index.ts';
import type { SendPlan } from '../../state/sending/send-form.ts';
import { countOf } from '../../words/format.ts';

interface SendPreviewProps {
  readonly plan: SendPlan;
  /** The backend's labels are to be changed. */
  readonly onEdit: () => void;
  /** The recording's tags are; null where it has none. */
  readonly onTags: (() => void) | null;
}

export function SendPreview({ plan, onEdit, onTags }: SendPreviewProps) {
  return (
    <section class="send-preview" aria-labelledby="send-preview-title">
      <h2 id="send-preview-title">What leaves</h2>
      {describePlan()}
    </section>
  );

  function describePlan() {
    switch (plan.kind) {
      case 'none':
        return <p class="quiet">Choose a backend first.</p>;
      case 'working':
        return (
          <p class="quiet" role="status">
            Putting it together…
          </p>
        );
      case 'refused':
        return (
          <div class="setting-problem" role="alert">
            <p>{plan.failure.message}</p>
            {plan.failure.detail !== '' && <p class="server-words">{plan.failure.detail}</p>}
            <button type="button" class="link-button" onClick={onEdit}>
              Change the backend’s labels
            </button>{' '}
            {onTags !== null && (
              <button type="button" class="link-button" onClick={onTags}>
                Change the recording’s tags
              </button>
            )}
          </div>
        );
      case 'ready':
        return <Ready plan={plan.plan} previews={plan.previews} redaction={plan.redaction} />;
    }
  }
}

interface ReadyProps {
  readonly plan: ShipmentPlan;
  readonly previews: readonly ParcelPreview[];
  readonly redaction: RedactionReport;
}

function Ready({ plan, previews, redaction }: ReadyProps) {
  const bytes = previews.reduce((sum, preview) => sum + preview.bytes, 0);
  const addresses = [...new Set(previews.map(({ address }) => address))];
  const parts = previews.filter(({ title }) => / part \d+ of \d+/.test(title)).length;
  return (
    <>
      <p role="status">
        {countOf(previews.length, 'request')} to {addresses.join(', ')}, {formatBytes(bytes)} together.
      </p>
      {parts > 0 && (
        <p class="hint">
          The backend takes no more than so much at once: {countOf(parts, 'request')} of them are parts of
          something larger, each with its own time. Nothing is left out.
        </p>
      )}
      {plan.notes.map((note) => (
        <p key={note} class="save-note">
          {note}
        </p>
      ))}
      {previews.some(({ labels }) => Object.keys(labels).length > 0) && <LabelTable plan={plan} />}
      <LeftOut redaction={redaction} />
      <Requests previews={previews} />
    </>
  );
}

function LabelTable({ plan }: { readonly plan: ShipmentPlan }) {
  const { labels, problems } = plan;
  const dropped = problems.filter(({ weight }) => weight === 'dropped');
  return (
    <>
      <h3>Labels</h3>
      <table class="tag-table">
        <tbody>
          {Object.entries(labels).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                {value}
                <Problems problems={problems.filter(({ label }) => label === name)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Problems problems={dropped} named />
    </>
  );
}

function Problems({
  problems,
  named = false,
}: {
  readonly problems: readonly LabelProblem[];
  readonly named?: boolean;
}) {
  return (
    <>
      {problems.map(({ label, weight, problem, reason }) => (
        <p key={label + problem} class={weight === 'warning' ? 'caution' : 'hint'}>
          {named ? `${label}: ` : weight === 'warning' ? 'Careful: ' : ''}
          {problem} <span class="quiet">{reason}</span>
        </p>
      ))}
    </>
  );
}

function LeftOut({ redaction }: { readonly redaction: RedactionReport }) {
  const { changed, unchanged, examples } = redaction;
  if (changed === 0) return <p class="hint">Nothing is left out of its {countOf(unchanged, 'text')}.</p>;
  return (
    <details>
      <summary>{countOf(changed, 'text')} with something left out</summary>
      <ul class="save-examples">
        {examples.map(({ before, after }) => (
          <li key={before}>
            <del>{before}</del> <ins>{after}</ins>
          </li>
        ))}
      </ul>
      {examples.length < changed && (
        <p class="hint">And {countOf(changed - examples.length, 'text')} more.</p>
      )}
    </details>
  );
}

/** A long list is not read to its end; what is cut is said. */
const MOST_TEXTS = 500;
/** A trace is one text. */
const MOST_CHARACTERS = 50_000;

const shorten = (text: string): string =>
  text.length <= MOST_CHARACTERS
    ? text
    : `${text.slice(0, MOST_CHARACTERS)}… and ${countOf(text.length - MOST_CHARACTERS, 'character')} more`;

function Requests({ previews }: { readonly previews: readonly ParcelPreview[] }) {
  return (
    <>
      <h3>Requests</h3>
      <ul class="send-requests">
        {previews.map(({ title, method, address, bytes, labels, texts }) => (
          <li key={title}>
            <details>
              <summary>
                {title}, <span class="number">{formatBytes(bytes)}</span>
              </summary>
              <p class="code">
                {method} {address}
              </p>
              <p class="hint send-labels">
                {Object.entries(labels)
                  .map(([name, value]) => `${name}=${value}`)
                  .join(' ')}
              </p>
              <ul class="save-examples code">
                {texts.slice(0, MOST_TEXTS).map((text) => (
                  <li key={text}>{shorten(text)}</li>
                ))}
              </ul>
              {texts.length > MOST_TEXTS && (
                <p class="hint">And {countOf(texts.length - MOST_TEXTS, 'text')} more.</p>
              )}
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}
