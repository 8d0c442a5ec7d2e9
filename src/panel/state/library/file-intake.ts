/**
 * Files that the user gives, by a button or a drop: recordings of ours go into the library, one after the other; of
 * everything else the first that can be opened is, as it is. Loads with the first file.
 * In: files of any kind. Out: what is shown, how far the taking in is, a notice where there were several files. Every
 * failure becomes a notice; a cancelled one leaves nothing behind.
 */
import type { Signal } from '@preact/signals';
import type { OpenProgress } from '../../../engine/client.ts';
import { isZip, type Recording, type RecordingId } from '../../../recording/index.ts';
import { countOf } from '../../words/format.ts';
import type { LibraryDoor } from '../doors.ts';
import type { Notices } from '../notices.ts';
import type { Opener } from './opener.ts';
import type { Shelf } from './shelf.ts';

/** A file on its way into the library. */
export interface Filing {
  readonly name: string;
  /** `2 of 5`; '' for the only one. */
  readonly place: string;
  /** null while nobody knows. */
  readonly progress: OpenProgress | null;
  readonly cancel: () => void;
}

export interface IntakeParts {
  readonly library: Pick<LibraryDoor, 'importFile'>;
  readonly notices: Notices;
  readonly opener: Pick<Opener, 'open'>;
  readonly shelf: Pick<Shelf, 'reload'>;
  readonly filing: Signal<Filing | null>;
  readonly openRecording: (id: RecordingId) => Promise<void>;
  /** A file that is no recording is shown. */
  readonly onShown: () => void;
}

/** Answers when the last of them is shown, refused or given up. */
export async function takeFiles(parts: IntakeParts, files: readonly File[]): Promise<void> {
  const { notices, opener, shelf, openRecording, onShown } = parts;
  notices.dismissErrors();
  const areOurs = await Promise.all(files.map(isRecordingFile));
  const ours = files.filter((_, index) => areOurs[index]);
  const others = files.filter((_, index) => !areOurs[index]);
  const added: Recording[] = [];
  for (const [index, file] of ours.entries()) {
    const place = ours.length > 1 ? `${index + 1} of ${ours.length}` : '';
    const taken = await takeIn(parts, file, place);
    if (taken === 'cancelled') break;
    if (taken !== null) added.push(taken);
  }
  if (ours.length > 0) await shelf.reload();
  const opened = await openFirst(opener, others);
  const last = added.at(-1);
  if (opened instanceof File) onShown();
  else if (opened === null && last !== undefined) await openRecording(last.id);
  // What was added stays, whatever was given up after it.
  if (files.length > 1)
    tellOfSeveral(notices, added.length, { opened: opened === 'given-up' ? null : opened, others });
}

/** What cannot be opened says so by itself. null: none could. */
async function openFirst(
  opener: Pick<Opener, 'open'>,
  files: readonly File[],
): Promise<File | 'given-up' | null> {
  for (const file of files) {
    const source = { kind: 'file', name: file.name, file } as const;
    const isShown = await opener.open({ source, name: file.name, recording: null });
    if (isShown !== false) return isShown === null ? 'given-up' : file;
  }
  return null;
}

/** A file that went away or may not be read is left to the engine, which meets the same, and says so. */
async function isRecordingFile(file: Blob): Promise<boolean> {
  const head = file.slice(0, 4).arrayBuffer();
  return head.then(
    (bytes) => isZip(new Uint8Array(bytes)),
    () => false,
  );
}

async function takeIn(
  { library, notices, filing }: IntakeParts,
  file: File,
  place: string,
): Promise<Recording | 'cancelled' | null> {
  const abort = new AbortController();
  const about = { name: file.name, place, cancel: () => abort.abort() };
  filing.value = { ...about, progress: null };
  // Given up is given up at once, whatever the disk still does.
  const given = new Promise<'cancelled'>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve('cancelled'));
  });
  try {
    const imported = await Promise.race([
      given,
      library.importFile(file.name, file, {
        signal: abort.signal,
        onProgress(progress) {
          if (!abort.signal.aborted) filing.value = { ...about, progress };
        },
      }),
    ]);
    if (imported === 'cancelled') return imported;
    if (imported.ok) return imported.value;
    notices.showFailure(imported.failure);
    return null;
  } finally {
    filing.value = null;
  }
}

function tellOfSeveral(
  notices: Notices,
  added: number,
  { opened, others }: { readonly opened: File | null; readonly others: readonly File[] },
): void {
  const words = [
    added > 0 ? `${countOf(added, 'recording')} added to the library.` : '',
    opened !== null && others.length > 1
      ? `Of ${others.length} ${added > 0 ? 'other ' : ''}files only ${opened.name} was opened: one is shown at a time. Alt+C puts two side by side.`
      : '',
  ];
  const message = words.filter((text) => text !== '').join(' ');
  if (message !== '') notices.show({ key: 'several-files', tone: 'info', message, detail: '', advice: null });
}
