/**
 * Saving what is shown: as what, without what, and how far it is.
 * In: what is shown, the library, the engine. Out: signals for the dialog; a file for the browser's downloads.
 * Whatever runs ends when the dialog is closed, and then nothing is downloaded. Failures become notices.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { fail, makeFailure, type Result, succeed } from '../../../base/index.ts';
import type { LeftOut, LeftOutExamples, OpenProgress } from '../../../engine/client.ts';
import { type Recording, recordingFileName } from '../../../recording/index.ts';
import type { Outside } from '../doors.ts';
import type { Notices } from '../notices.ts';
import type { Opener, Shown } from './opener.ts';

export const SAVE_FORMS = ['pageflame', 'json', 'pftrace'] as const;
export type SaveForm = (typeof SAVE_FORMS)[number];

/** Forms that what is shown has; those it has not, with why. */
export type FormChoices = Readonly<Record<SaveForm, 'has' | 'not-in-library' | 'no-trace'>>;

export interface Saving {
  readonly isOpen: ReadonlySignal<boolean>;
  readonly choices: ReadonlySignal<FormChoices>;
  readonly form: ReadonlySignal<SaveForm>;
  readonly leaveOut: Signal<LeftOut>;
  /** null until it is known. */
  readonly preview: ReadonlySignal<LeftOutExamples | null>;
  /** What runs, and how far it is. */
  readonly work: ReadonlySignal<SaveWork | null>;
  /** Does nothing where nothing is shown. */
  readonly open: () => void;
  readonly choose: (form: SaveForm) => void;
  readonly save: () => Promise<void>;
  readonly close: () => void;
}

export interface SaveWork {
  readonly kind: 'saving' | 'looking';
  readonly progress: OpenProgress | null;
}

interface SavingParts {
  readonly outside: Pick<Outside, 'engine' | 'library' | 'download'>;
  readonly notices: Notices;
  readonly opener: Pick<Opener, 'shown'>;
  /** In the library and whole. */
  readonly isStored: (recording: Recording) => boolean;
}

const NOTHING: LeftOut = {
  addresses: false,
  titles: false,
  headers: false,
  scripts: false,
  details: false,
  pictures: false,
};

export function createSaving(parts: SavingParts): Saving {
  const { outside, notices, opener, isStored } = parts;
  const isOpen = signal(false);
  const form = signal<SaveForm>('pageflame');
  const leaveOut = signal(NOTHING);
  const preview = signal<LeftOutExamples | null>(null);
  const work = signal<SaveWork | null>(null);
  const choices = computed(() => choicesOf(opener.shown.value, isStored));
  let running = new AbortController();

  const run = async <T>(kind: SaveWork['kind'], start: StartWork<T>): Promise<Result<T>> => {
    running.abort();
    running = new AbortController();
    const { signal: mine } = running;
    work.value = { kind, progress: null };
    const result = await start({
      signal: mine,
      onProgress: (progress) => {
        if (!mine.aborted) work.value = { kind, progress };
      },
    }).catch((bug: unknown) => {
      // It is reported elsewhere; nothing comes of this work any more.
      if (!mine.aborted) work.value = null;
      throw bug;
    });
    if (mine.aborted) return fail(makeFailure('cancelled', { subject: 'Saving' }));
    work.value = null;
    if (!result.ok) notices.showFailure(result.failure);
    return result;
  };
  const look = async (): Promise<void> => {
    const shown = opener.shown.peek();
    if (shown.kind !== 'trace' || preview.peek() !== null) return;
    const seen = await run('looking', (options) =>
      outside.engine.previewTraceFile(shown.view.opened.open, options),
    );
    if (seen.ok) preview.value = seen.value;
  };
  const close = (): void => {
    running.abort();
    work.value = null;
    isOpen.value = false;
  };
  return {
    isOpen,
    choices,
    form,
    leaveOut,
    preview,
    work,
    choose: (next) => {
      form.value = next;
    },
    close,
    open() {
      const first = SAVE_FORMS.find((one) => choices.peek()[one] === 'has');
      if (first === undefined || isOpen.peek()) return;
      leaveOut.value = NOTHING;
      preview.value = null;
      isOpen.value = true;
      form.value = first;
      void look();
    },
    async save() {
      const shown = opener.shown.peek();
      const chosen = form.peek();
      if (choices.peek()[chosen] !== 'has') return;
      const made = await run('saving', (options) =>
        makeFile(outside, shown, { form: chosen, leaveOut: leaveOut.peek() }, options),
      );
      if (!made.ok) return;
      outside.download(made.value.name, made.value.file);
      close();
    },
  };
}

interface WorkOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: OpenProgress) => void;
}
type StartWork<T> = (options: WorkOptions) => Promise<Result<T>>;

interface NamedFile {
  readonly name: string;
  readonly file: Blob;
}

async function makeFile(
  { engine, library }: Pick<Outside, 'engine' | 'library'>,
  shown: Shown,
  { form, leaveOut }: { readonly form: SaveForm; readonly leaveOut: LeftOut },
  options: WorkOptions,
): Promise<Result<NamedFile>> {
  const nothing = fail(makeFailure('cancelled', { subject: 'Saving' }));
  if (shown.kind === 'none') return nothing;
  const isWhole = !Object.values(leaveOut).some(Boolean);
  if (form === 'pageflame' && isWhole)
    return shown.recording === null ? nothing : library.exportFile(shown.recording.id, options);
  if (shown.kind !== 'trace') return nothing;
  const made = await engine.traceFile(shown.view.opened.open, { form, leaveOut }, options);
  return made.ok ? succeed({ name: nameOf(shown.name, shown.recording, form), file: made.value }) : made;
}

/** Called as the recording or file is, with another ending. */
function nameOf(name: string, recording: Recording | null, form: SaveForm): string {
  const known = /\.(json|pftrace|perfetto-trace|pageflame)$/i;
  const stem = (recording === null ? name.replace(/\.gz(ip)?$/i, '') : recordingFileName(recording)).replace(
    known,
    '',
  );
  return `${stem || 'trace'}.${form}`;
}

function choicesOf(shown: Shown, isStored: (recording: Recording) => boolean): FormChoices {
  if (shown.kind === 'none' || shown.kind === 'profiles' || shown.kind === 'comparison')
    return { pageflame: 'not-in-library', json: 'no-trace', pftrace: 'no-trace' };
  const { recording } = shown;
  const pageflame = recording !== null && isStored(recording) ? 'has' : 'not-in-library';
  if (shown.kind === 'no-trace') return { pageflame, json: 'no-trace', pftrace: 'no-trace' };
  return { pageflame, json: 'has', pftrace: 'has' };
}
