/**
 * Tags as fields, one row each: name, value, what backends say of them, and taking them away. Loads with the first look.
 * In: rows, words for completion. Out: other rows.
 */
import { useSignal } from '@preact/signals';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { TagProblem } from '../../../backends/index.ts';
import { addRow, type TagRow, type Vocabulary } from '../../state/library/tag-form.ts';
import { SuggestedField } from '../parts/fields.tsx';
import { DeleteIcon } from '../parts/icons.tsx';

const PRODUCTS: Readonly<Record<TagProblem['kinds'][number], string>> = {
  pyroscope: 'Pyroscope',
  parca: 'Parca',
  otlp: 'OpenTelemetry profiles',
  'otlp-traces': 'OpenTelemetry traces',
};

interface TagRowsProps {
  readonly rows: readonly TagRow[];
  readonly onRows: (rows: readonly TagRow[]) => void;
  /** A field was left: what was typed stands. */
  readonly onSettled?: () => void;
  readonly problems: ReadonlyMap<number, readonly TagProblem[]>;
  readonly vocabulary: Vocabulary;
  /** What the box that makes it the site's says; null where there is none. */
  readonly siteWords: string | null;
  /** What an empty value does. */
  readonly emptyWords: string;
  /** What they are called here; tags by default. */
  readonly noun?: string;
}

export function TagRows(props: TagRowsProps) {
  const { rows, onRows, onSettled, noun = 'tag' } = props;
  const removed = useSignal<TagRow | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const count = useRef(rows.length);
  // A row that was added is written in next.
  useLayoutEffect(() => {
    const inputs = list.current?.querySelectorAll<HTMLInputElement>('.tag-name') ?? [];
    if (rows.length > count.current) inputs[inputs.length - 1]?.focus();
    count.current = rows.length;
  }, [rows.length]);
  return (
    <>
      <ul class="tag-rows" ref={list}>
        {rows.map((row) => (
          <Row
            key={row.key}
            {...props}
            row={row}
            onRemoved={(gone) => {
              removed.value = gone;
            }}
          />
        ))}
      </ul>
      <p class="tag-buttons">
        <button type="button" class="plain-button" onClick={() => onRows(addRow(rows))}>
          Add a {noun}
        </button>
        {removed.value !== null && (
          <BringBack
            row={removed.value}
            onClick={(row) => {
              removed.value = null;
              onRows(addRow(rows, row));
              onSettled?.();
            }}
          />
        )}
      </p>
    </>
  );
}

interface BringBackProps {
  readonly row: TagRow;
  readonly onClick: (row: TagRow) => void;
}

function BringBack({ row, onClick }: BringBackProps) {
  return (
    <button type="button" class="plain-button" onClick={() => onClick(row)}>
      Bring back {row.name}={row.value}
    </button>
  );
}

interface RowProps extends TagRowsProps {
  readonly row: TagRow;
  readonly onRemoved: (row: TagRow) => void;
}

function Row(props: RowProps) {
  const { row, rows, onRows, onSettled, onRemoved, problems } = props;
  const { vocabulary, siteWords, emptyWords } = props;
  const id = useId();
  const change = (changes: Partial<TagRow>): void =>
    onRows(rows.map((each) => (each.key === row.key ? { ...each, ...changes } : each)));
  const remove = (): void => {
    onRows(rows.filter(({ key }) => key !== row.key));
    if (row.name.trim() !== '') onRemoved(row);
    onSettled?.();
  };
  const said = problems.get(row.key) ?? [];
  const problem = { id: `${id}-said`, isRefused: said.some(({ weight }) => weight === 'refused') };
  const what = row.name.trim() || 'the new tag';
  return (
    <li class="tag-row">
      <SuggestedField
        kind="tag-name"
        label="Name"
        placeholder="name"
        words={vocabulary.names}
        value={row.name}
        problem={problem}
        onInput={(name) => change({ name })}
        onSettled={onSettled}
      />
      <span aria-hidden="true">=</span>
      <SuggestedField
        kind="tag-value"
        label={`Value of ${what}`}
        placeholder="value"
        words={vocabulary.valuesOf(row.name)}
        value={row.value}
        problem={problem}
        onInput={(value) => change({ value })}
        onSettled={onSettled}
      />
      <button type="button" class="tool" aria-label={`Take away ${what}`} title="Take away" onClick={remove}>
        <DeleteIcon />
      </button>
      {siteWords !== null && (
        <label class="tag-site">
          <input
            type="checkbox"
            checked={row.ofSite}
            onChange={(event) => change({ ofSite: event.currentTarget.checked })}
          />
          {siteWords}
        </label>
      )}
      <div id={`${id}-said`} class="tag-said">
        {row.name.trim() !== '' && row.value.trim() === '' && <p class="hint">{emptyWords}</p>}
        <TagProblems problems={said} />
      </div>
    </li>
  );
}

/** The rule that is broken, why it is one, and whose. */
export function TagProblems({ problems }: { readonly problems: readonly TagProblem[] }) {
  return (
    <>
      {problems.map(({ weight, problem, reason, kinds }) => (
        <p key={problem + reason} class={weight === 'refused' ? 'tag-refused' : 'tag-warning'}>
          <b>{weight === 'refused' ? 'Refused' : 'Careful'}</b>
          {kinds.length > 0 && ` (${kinds.map((kind) => PRODUCTS[kind]).join(', ')})`}: {problem}{' '}
          <span class="quiet">{reason}</span>
        </p>
      ))}
    </>
  );
}
