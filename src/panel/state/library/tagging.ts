/**
 * The name and the tags of a recording as they are changed: which recording's are being edited, saving them, and the way back.
 * In: the library, the settings, what is shown. Out: signals for the dialog; every change is told, with an undo.
 */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Recording, RecordingEdit, RecordingId, Tags } from '../../../recording/index.ts';
import { serviceOf } from '../../../recording/index.ts';
import { tagsOfSite, withSiteTags } from '../../../settings/index.ts';
import type { Outside } from '../doors.ts';
import type { Notices } from '../notices.ts';
import type { Opener } from './opener.ts';
import type { Shelf } from './shelf.ts';

/** What the user wants a recording to be called, and it and later ones of its site to have. */
export interface TagChange {
  readonly name: string;
  readonly tags: Tags;
  /** Of this recording. */
  readonly siteTags: Tags;
  /** Of recordings to come of its site; null: as they are. */
  readonly site: Tags | null;
}

export interface Tagging {
  /** null while the dialog is closed. */
  readonly subject: ReadonlySignal<Recording | null>;
  /** Of what is shown, or of the one given. */
  readonly open: (id?: RecordingId) => void;
  readonly close: () => void;
  readonly save: (recording: Recording, change: TagChange) => Promise<void>;
  /** Takes the last change back; false where there is none. */
  readonly undo: () => boolean;
}

export interface TaggingParts {
  readonly outside: Pick<Outside, 'library' | 'settings'>;
  readonly notices: Notices;
  readonly opener: Pick<Opener, 'update'>;
  readonly shelf: Pick<Shelf, 'recordings' | 'reload'>;
  readonly current: ReadonlySignal<Recording | null>;
}

const NOTICE = 'tags-changed';

export function createTagging({ outside, notices, opener, shelf, current }: TaggingParts): Tagging {
  const { library, settings } = outside;
  const subject = signal<Recording | null>(null);
  let before: { readonly recording: Recording; readonly change: TagChange } | null = null;

  const apply = async (recording: Recording, change: TagChange): Promise<boolean> => {
    const { name, tags, siteTags, site } = change;
    const edit: RecordingEdit = { name, tags, siteTags };
    const edited = await library.edit(recording.id, edit);
    const kept =
      edited.ok && site !== null
        ? await settings.change((all) => ({
            ...all,
            tags: withSiteTags(all.tags, serviceOf(recording.url), site),
          }))
        : edited;
    if (!kept.ok) notices.showFailure(kept.failure);
    if (edited.ok) opener.update(edited.value);
    await shelf.reload();
    return kept.ok;
  };
  return {
    subject,
    open(id = current.peek()?.id) {
      const listed = shelf.recordings.peek()?.find((one) => one.id === id);
      if (listed !== undefined) subject.value = listed;
    },
    close() {
      subject.value = null;
    },
    async save(recording, change) {
      subject.value = null;
      const { name, tags, siteTags, url } = recording;
      const site = change.site === null ? null : tagsOfSite(settings.current.peek().settings.tags, url);
      const back = { recording, change: { name, tags, siteTags, site } };
      if (!(await apply(recording, change))) return;
      before = back;
      notices.show({
        key: NOTICE,
        tone: 'info',
        message:
          change.name === name
            ? `The tags of ${name} were changed.`
            : `${name} is called ${change.name} now.`,
        detail: '',
        advice: { label: 'Undo', action: 'undo-tags' },
      });
    },
    undo() {
      if (before === null) return false;
      const { recording, change } = before;
      before = null;
      notices.dismiss(NOTICE);
      void apply(recording, change);
      return true;
    },
  };
}
