/**
 * Saving what is shown: a modal dialog of the browser. What the file will hold stands there before it is made.
 */
import type { LeftOut, LeftOutExamples, LeftOutKind } from '../../../engine/client.ts';
import { formatBytes } from '../../../flame/index.ts';
import { PICTURE_FORMS, type PictureDesk } from '../../canvas/paint/pictures.ts';
import { type FormChoices, SAVE_FORMS, type SaveForm, type Saving } from '../../state/library/saving.ts';
import { countOf } from '../../words/format.ts';
import { nameOfChart } from '../chart/picture-desk.ts';
import { Dialog } from '../parts/dialog.tsx';
import { SaveIcon } from '../parts/icons.tsx';
import { ProgressBar } from '../parts/progress.tsx';

const FORM_WORDS: Readonly<Record<SaveForm, readonly [name: string, hint: string]>> = {
  pageflame: [
    'Recording (.pageflame)',
    'All that Pageflame knows, with the source maps that were given; opens here and on the command line.',
  ],
  json: ['Trace as JSON (.json)', 'Opens in Chrome DevTools, Lighthouse, Perfetto and speedscope.'],
  pftrace: ['Perfetto trace (.pftrace)', 'Opens in Perfetto, and is smaller.'],
};

const WHY_NOT: Readonly<Record<Exclude<FormChoices[SaveForm], 'has'>, string>> = {
  'not-in-library': 'Only recordings in the library: this is a trace alone.',
  'no-trace': 'The trace of this recording is gone.',
};

const LEFT_OUT_WORDS: readonly (readonly [keyof LeftOut, string])[] = [
  ['addresses', 'Query strings, fragments and user names of addresses'],
  ['titles', 'Page titles'],
  ['headers', 'Values of headers'],
  ['scripts', 'Script texts, and those of source maps'],
  ['details', 'Details of marks and measures; the page’s own tracks are named in them'],
  ['pictures', 'Pictures of the page'],
];

interface SaveDialogProps {
  readonly saving: Saving;
  readonly pictures: PictureDesk;
}

export function SaveDialog({ saving, pictures }: SaveDialogProps) {
  return (
    <Dialog id="save" title="Save" kind="settings save" isOpen={saving.isOpen.value} onClose={saving.close}>
      <Form saving={saving} />
      <PictureButtons pictures={pictures} onSaved={saving.close} />
    </Dialog>
  );
}

function Form({ saving }: { readonly saving: Saving }) {
  const work = saving.work.value;
  const isSaving = work?.kind === 'saving';
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    void saving.save();
  };
  return (
    <form onSubmit={onSubmit}>
      <fieldset class="presets" disabled={isSaving}>
        <legend>Save as</legend>
        {SAVE_FORMS.map((form) => (
          <FormChoice key={form} saving={saving} form={form} />
        ))}
      </fieldset>
      <LeaveOut saving={saving} isSaving={isSaving} />
      {isSaving && <Progress saving={saving} label="Saving" />}
      <p class="setting-buttons">
        <button type="submit" class="primary-button" disabled={isSaving} autofocus>
          <SaveIcon />
          Save
        </button>
        <button type="button" class="plain-button" onClick={saving.close}>
          Cancel
        </button>
      </p>
    </form>
  );
}

interface PictureButtonsProps {
  readonly pictures: PictureDesk;
  readonly onSaved: () => void;
}

/** What is seen of each chart, as it is seen. */
function PictureButtons({ pictures, onSaved }: PictureButtonsProps) {
  const charts = [...pictures.charts];
  if (charts.length === 0) return null;
  return (
    <fieldset class="presets">
      <legend>Picture of the view</legend>
      {charts.map((chart) => (
        <p key={nameOfChart(chart)} class="setting-buttons">
          <span>{nameOfChart(chart)}</span>
          {PICTURE_FORMS.map((form) => (
            <button
              key={form}
              type="button"
              class="plain-button"
              aria-label={`Save a picture of ${nameOfChart(chart)} as ${form.toUpperCase()}`}
              onClick={() => {
                pictures.save(chart, form);
                onSaved();
              }}
            >
              {form.toUpperCase()}
            </button>
          ))}
        </p>
      ))}
    </fieldset>
  );
}

function FormChoice({ saving, form }: { readonly saving: Saving; readonly form: SaveForm }) {
  const [name, hint] = FORM_WORDS[form];
  const choice = saving.choices.value[form];
  const id = `save-as-${form}`;
  return (
    <div class="preset">
      <input
        id={id}
        type="radio"
        name="save-as"
        checked={saving.form.value === form}
        disabled={choice !== 'has'}
        aria-describedby={`${id}-hint`}
        onChange={() => saving.choose(form)}
      />
      <label for={id}>{name}</label>
      <span id={`${id}-hint`} class="hint">
        {choice === 'has' ? hint : WHY_NOT[choice]}
      </span>
    </div>
  );
}

function LeaveOut({ saving, isSaving }: { readonly saving: Saving; readonly isSaving: boolean }) {
  const preview = saving.preview.value;
  const isLooking = saving.work.value?.kind === 'looking';
  return (
    <fieldset class="presets" disabled={isSaving}>
      <legend>Leave out</legend>
      {LEFT_OUT_WORDS.map(([kind, words]) => (
        <LeaveOutKind key={kind} saving={saving} kind={kind} words={words} />
      ))}
      {isLooking && <Progress saving={saving} label="Looking for what can be left out" />}
      {preview !== null && <p class="save-note">{tellRest(preview, saving.leaveOut.value)}</p>}
    </fieldset>
  );
}

/** What leaves all the same. */
function tellRest(kinds: LeftOutExamples, leaveOut: LeftOut): string {
  const stays = LEFT_OUT_WORDS.filter(([kind]) => !leaveOut[kind] && kinds[kind].count > 0).map(([, words]) =>
    words.toLowerCase(),
  );
  const all = [
    ...stays,
    'hosts and paths of addresses',
    'names of functions, of marks and console timings, and of elements with id and class',
    'your notes and tags',
  ];
  return `Stay in the file: ${all.join('; ')}.`;
}

interface LeaveOutKindProps {
  readonly saving: Saving;
  readonly kind: keyof LeftOut;
  readonly words: string;
}

function LeaveOutKind({ saving, kind, words }: LeaveOutKindProps) {
  const found = saving.preview.value?.[kind] ?? null;
  const id = `leave-out-${kind}`;
  return (
    <div class="preset">
      <input
        id={id}
        type="checkbox"
        checked={saving.leaveOut.value[kind]}
        aria-describedby={`${id}-count`}
        onChange={(event) => {
          saving.leaveOut.value = { ...saving.leaveOut.peek(), [kind]: event.currentTarget.checked };
        }}
      />
      <label for={id}>{words}</label>
      <div id={`${id}-count`} class="hint">
        {found === null ? 'Not counted yet' : <Examples found={found} />}
      </div>
    </div>
  );
}

function Examples({ found }: { readonly found: LeftOutKind }) {
  if (found.count === 0) return <>None</>;
  if (found.examples.length === 0) return <>{countOf(found.count, 'picture')}</>;
  return (
    <details>
      <summary>{countOf(found.count, 'text')}, for example</summary>
      <ul class="save-examples">
        {found.examples.map(({ before, after }) => (
          <li key={before}>
            <del>{before}</del> → {after === '' ? <em>nothing</em> : <ins>{after}</ins>}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Progress({ saving, label }: { readonly saving: Saving; readonly label: string }) {
  const progress = saving.work.value?.progress ?? null;
  const total = progress?.totalBytes ?? null;
  const read = progress?.readBytes ?? 0;
  return (
    <ProgressBar
      label={label}
      share={total === null || total === 0 ? null : read / total}
      text={
        total === null
          ? `${label}: ${formatBytes(read)}`
          : `${label}: ${formatBytes(read)} of ${formatBytes(total)}`
      }
    />
  );
}
