/** Sending what is shown: where to, which part, and exactly what would leave, before it does. */
import { useEffect, useState } from 'preact/hooks';
import { originPatterns } from '../../../backends/index.ts';
import type { App } from '../../state/app.ts';
import { createSendForm, type SendForm } from '../../state/sending/send-form.ts';
import type { SendingRoom } from '../../state/sending/sending-room.ts';
import { backendWords } from '../../words/backends.ts';
import { formatMoment } from '../../words/format.ts';
import { TextField } from '../parts/fields.tsx';
import { SendIcon } from '../parts/icons.tsx';
import { SendPreview } from './send-preview.tsx';

export function SendScreen({ room }: { readonly room: SendingRoom }) {
  const { app, backends } = room;
  const shown = app.opener.shown.value;
  if (shown.kind !== 'trace' && shown.kind !== 'profiles')
    return <p>Open a recording, a trace or a file of profiles first: what is shown is what is sent.</p>;
  if (backends.list.value.length === 0)
    return (
      <>
        <p>
          There is no backend to send this to. Pageflame sends to Grafana Pyroscope, Parca, and whatever takes
          OpenTelemetry profiles or traces.
        </p>
        <p class="setting-buttons">
          <button
            type="button"
            class="primary-button"
            onClick={() => {
              room.adds.value = true;
              room.go('backends');
            }}
          >
            Add a backend
          </button>
        </p>
      </>
    );
  return <Form key={shown.view.opened.open} room={room} shown={shown} />;
}

interface FormProps {
  readonly room: SendingRoom;
  readonly shown: Parameters<typeof createSendForm>[0]['shown'];
}

function Form({ room, shown }: FormProps) {
  const { app, backends, deliveries, chosen, part } = room;
  const [form, setForm] = useState<SendForm | null>(null);
  useEffect(() => {
    const [first, firstPart] = [chosen.peek(), part.peek()];
    const made = createSendForm({ app, backends, deliveries, shown, first, firstPart });
    setForm(made);
    return made.dispose;
  }, [app, backends, deliveries, shown, chosen, part]);
  if (form === null) return null;
  const plan = form.plan.value;
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    void form.send().then((isQueued) => {
      if (isQueued) room.go('deliveries');
    });
  };
  return (
    <form onSubmit={onSubmit}>
      <Choices room={room} form={form} />
      <Time form={form} name={shown.name} />
      {plan.kind === 'ready' && plan.plan.tooOld && <Age form={form} />}
      <SendPreview
        plan={plan}
        onEdit={() => room.go('backends')}
        onTags={app.current.value === null ? null : () => editTags(app)}
      />
      {form.failure.value !== null && (
        <p class="setting-problem" role="alert">
          {form.failure.value.message} {form.failure.value.detail}
        </p>
      )}
      <p class="setting-buttons">
        <button type="submit" class="primary-button" disabled={plan.kind !== 'ready'}>
          <SendIcon />
          Send
        </button>
      </p>
    </form>
  );
}

/** One dialog at a time. */
function editTags(app: App): void {
  app.sending.screen.value = null;
  app.tagging.open();
}

function Choices({ room, form }: { readonly room: SendingRoom; readonly form: SendForm }) {
  const { backends } = room;
  return (
    <>
      <fieldset class="presets">
        <legend>To</legend>
        {backends.list.value.map((backend) => {
          const { id } = backend.destination;
          const isAllowed = originPatterns(backend.destination).every((pattern) =>
            backends.allowed.value.has(pattern),
          );
          return (
            <div class="preset" key={id}>
              <input
                id={`send-to-${id}`}
                type="radio"
                name="send-to"
                checked={form.choice.value === id}
                onChange={() => {
                  form.choice.value = id;
                }}
              />
              <label for={`send-to-${id}`}>{backendWords(backend)}</label>
              {!isAllowed && <span class="hint">Chrome asks for leave to reach it when you send.</span>}
            </div>
          );
        })}
      </fieldset>
      {form.measured !== null && (
        <fieldset class="presets">
          <legend>What</legend>
          {(['all', 'measured'] as const).map((part) => (
            <div class="preset" key={part}>
              <input
                id={`send-part-${part}`}
                type="radio"
                name="send-part"
                checked={form.part.value === part}
                onChange={() => {
                  form.part.value = part;
                }}
              />
              <label for={`send-part-${part}`}>{part === 'all' ? 'All of it' : 'The measured range'}</label>
            </div>
          ))}
        </fieldset>
      )}
    </>
  );
}

/** A file that does not say when it was recorded. */
function Time({ form, name }: { readonly form: SendForm; readonly name: string }) {
  if (!form.needsTime) return null;
  const { value } = form.startedAt;
  const at = value === null ? '' : ` (${formatMoment(value, Date.now())})`;
  const said = form.isFileTime.value
    ? `This is when it began if it had ended when the file was written${at}: change it where that is wrong.`
    : `Give when it began${at}.`;
  return (
    <TextField
      label="Recorded at"
      type="datetime-local"
      hint={`${name} does not say when it was recorded, and backends find profiles by their time. ${said}`}
      value={value === null ? '' : localTime(value)}
      onInput={(text) => {
        const time = Date.parse(text);
        form.startedAt.value = Number.isFinite(time) ? time : null;
      }}
    />
  );
}

/** As the field wants it: local, to the second. */
function localTime(millis: number): string {
  const local = new Date(millis - new Date(millis).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

const AGES = [
  [
    'ad-hoc',
    'Upload it as it is',
    'To Pyroscope’s ad hoc store, with its true time. It is found there by name, not by labels.',
  ],
  [
    'restamp',
    'Send it with the time of now',
    'Found by labels like any other; the true time is in the label recorded_at. Links from traces will not find it.',
  ],
] as const;

function Age({ form }: { readonly form: SendForm }) {
  return (
    <fieldset class="presets">
      <legend>It is over an hour old, and Pyroscope takes nothing older</legend>
      {AGES.map(([age, name, hint]) => (
        <div class="preset" key={age}>
          <input
            id={`send-age-${age}`}
            type="radio"
            name="send-age"
            checked={form.age.value === age}
            aria-describedby={`send-age-${age}-hint`}
            onChange={() => {
              form.age.value = age;
            }}
          />
          <label for={`send-age-${age}`}>{name}</label>
          <span id={`send-age-${age}-hint`} class="hint">
            {hint}
          </span>
        </div>
      ))}
    </fieldset>
  );
}
