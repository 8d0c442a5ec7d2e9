/**
 * Which profile of a backend: backend, kind, time, labels with completion, a span. What the server says stands in its own
 * words; without a backend, or without profiles, it says what to do.
 */
import type { Failure } from '../../../base/index.ts';
import {
  type BackendQuery,
  type Matcher,
  type MatchSign,
  SPANS,
  type SpanChoice,
} from '../../state/comparison/backend-query.ts';
import { SuggestedField } from '../parts/fields.tsx';
import { DeleteIcon } from '../parts/icons.tsx';
import { ProgressBar } from '../parts/progress.tsx';

interface BackendQueryFormProps {
  /** null until the backends are read. */
  readonly query: BackendQuery | null;
  readonly action: string;
  readonly onSetUp: () => void;
  readonly onSubmit: () => void;
}

export function BackendQueryForm({ query, action, onSetUp, onSubmit }: BackendQueryFormProps) {
  if (query === null) return <p class="quiet">Looking for backends…</p>;
  if (query.backends.length === 0)
    return (
      <>
        <p>
          No backend is set up that can be asked for profiles. Add a Grafana Pyroscope or a Parca, and its
          profiles open here beside your recordings.
        </p>
        <p class="setting-buttons">
          <button type="button" class="primary-button" onClick={onSetUp}>
            Add a backend…
          </button>
        </p>
      </>
    );
  const types = query.types.value;
  const isFetching = query.isFetching.value;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isFetching) onSubmit();
      }}
    >
      <Choices query={query} />
      {types !== null && types.length === 0 && query.problem.value === null && (
        <p class="hint">
          Nothing was sent there in this time. Choose a longer time, or send a recording there first.
        </p>
      )}
      <Matchers query={query} />
      <SpanField query={query} />
      <p class="hint">
        Asks for <code class="code">{query.query.value}</code>
      </p>
      <Problem failure={query.problem.value} />
      {isFetching && <ProgressBar label="Asking the backend" share={null} text="Asking the backend" />}
      <p class="setting-buttons">
        <button type="submit" class="primary-button" disabled={isFetching || query.type.value === ''}>
          {action}
        </button>
        {isFetching && (
          <button type="button" class="plain-button" onClick={query.cancel}>
            Cancel
          </button>
        )}
      </p>
    </form>
  );
}

/** What happened, and the server's own words. */
function Problem({ failure }: { readonly failure: Failure | null }) {
  if (failure === null) return null;
  return (
    <div class="said-there" role="alert">
      {failure.message}
      {failure.detail !== '' && <div class="code">{failure.detail.slice(0, 2_000)}</div>}
    </div>
  );
}

function Choices({ query }: { readonly query: BackendQuery }) {
  const types = query.types.value;
  return (
    <>
      <div class="field">
        <label for="query-backend">Backend</label>
        <select
          id="query-backend"
          class="choice"
          value={query.backend.value}
          onChange={(event) => {
            query.backend.value = event.currentTarget.value;
          }}
        >
          {query.backends.map(({ destination }) => (
            <option key={destination.id} value={destination.id}>
              {destination.kind === 'parca' ? 'Parca' : 'Pyroscope'}, {destination.url}
            </option>
          ))}
        </select>
      </div>
      <TimeChoice query={query} />
      <div class="field">
        <label for="query-type">Profile</label>
        <select
          id="query-type"
          class="choice"
          disabled={types === null || types.length === 0}
          value={query.type.value}
          onChange={(event) => {
            query.type.value = event.currentTarget.value;
          }}
        >
          {types === null && <option value="">Asking…</option>}
          {(types ?? []).map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}

function TimeChoice({ query }: { readonly query: BackendQuery }) {
  return (
    <>
      <div class="field">
        <label for="query-span">Time</label>
        <select
          id="query-span"
          class="choice"
          value={query.span.value}
          onChange={(event) => {
            const { value } = event.currentTarget;
            const chosen = SPANS.find(({ id }) => id === value)?.id ?? 'own';
            query.span.value = chosen satisfies SpanChoice;
          }}
        >
          {SPANS.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          <option value="own">From … to …</option>
        </select>
      </div>
      {query.span.value === 'own' && (
        <div class="field">
          <span>From, to</span>
          <span>
            <TimeInput query={query} side="start" /> <TimeInput query={query} side="end" />
          </span>
        </div>
      )}
    </>
  );
}

function TimeInput({ query, side }: { readonly query: BackendQuery; readonly side: 'start' | 'end' }) {
  return (
    <input
      type="datetime-local"
      class="text-field"
      step={1}
      aria-label={side === 'start' ? 'From' : 'To'}
      value={localTime(query.own.value[side])}
      onChange={(event) => {
        const time = new Date(event.currentTarget.value).getTime();
        if (!Number.isNaN(time)) query.own.value = { ...query.own.peek(), [side]: time };
      }}
    />
  );
}

/** As the field wants it: local time without a zone. */
function localTime(time: number): string {
  const date = new Date(time);
  return new Date(time - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

const SIGNS: readonly { readonly id: MatchSign; readonly name: string }[] = [
  { id: '=', name: 'is' },
  { id: '!=', name: 'is not' },
  { id: '=~', name: 'matches' },
  { id: '!~', name: 'does not match' },
];

function Matchers({ query }: { readonly query: BackendQuery }) {
  const matchers = query.matchers.value;
  const change = (index: number, changes: Partial<Matcher>): void => {
    query.matchers.value = matchers.map((each, at) => (at === index ? { ...each, ...changes } : each));
  };
  return (
    <fieldset class="presets">
      <legend>Labels</legend>
      {matchers.map((matcher, index) => (
        <MatcherRow
          key={index}
          query={query}
          matcher={matcher}
          index={index}
          onChange={(changes) => change(index, changes)}
        />
      ))}
      <button
        type="button"
        class="plain-button"
        onClick={() => {
          query.matchers.value = [...matchers, { name: '', sign: '=', value: '' }];
        }}
      >
        Add a label
      </button>
    </fieldset>
  );
}

interface MatcherRowProps {
  readonly query: BackendQuery;
  readonly matcher: Matcher;
  readonly index: number;
  readonly onChange: (changes: Partial<Matcher>) => void;
}

function MatcherRow({ query, matcher, index, onChange }: MatcherRowProps) {
  const known = query.values.value.get(matcher.name.trim()) ?? [];
  return (
    <div class="matcher">
      <SuggestedField
        label={`Label ${index + 1}`}
        placeholder="label"
        words={query.labels.value}
        value={matcher.name}
        onInput={(name) => onChange({ name })}
      />
      <select
        class="choice"
        aria-label={`How label ${index + 1} is compared`}
        value={matcher.sign}
        onChange={(event) => {
          const chosen = SIGNS.find(({ id }) => id === event.currentTarget.value);
          if (chosen !== undefined) onChange({ sign: chosen.id });
        }}
      >
        {SIGNS.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <SuggestedField
        label={`Value of label ${index + 1}`}
        placeholder="value"
        words={known}
        value={matcher.value}
        onFocus={() => query.askValues(matcher.name.trim())}
        onInput={(value) => onChange({ value })}
      />
      <button
        type="button"
        class="tool"
        aria-label={`Remove label ${index + 1}`}
        onClick={() => {
          query.matchers.value = query.matchers.peek().filter((_, at) => at !== index);
        }}
      >
        <DeleteIcon />
      </button>
    </div>
  );
}

function SpanField({ query }: { readonly query: BackendQuery }) {
  const chosen = query.backends.find(({ destination }) => destination.id === query.backend.value);
  if (chosen?.destination.kind !== 'pyroscope') return null;
  const text = query.spanId.value.trim();
  const isWrong = text !== '' && !/^[0-9a-f]{16}$/i.test(text);
  return (
    <div class="field">
      <label for="query-span-id">Only the span</label>
      <span>
        <input
          id="query-span-id"
          class="text-field"
          placeholder="16 hexadecimal digits, or nothing"
          spellcheck={false}
          autocomplete="off"
          value={query.spanId.value}
          aria-invalid={isWrong}
          onInput={(event) => {
            query.spanId.value = event.currentTarget.value;
          }}
        />
        {isWrong && <span class="field-problem"> A span id has 16 hexadecimal digits.</span>}
      </span>
    </div>
  );
}
