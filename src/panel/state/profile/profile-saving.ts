/**
 * A profile saved as a file of another tool: one at a time; one that takes long is told, and can be given up.
 * In: the engine, what is saved, as what. Out: a file for the browser's downloads; how the question stands.
 */
import type { Failure } from '../../../base/index.ts';
import type { EngineApi, OpenId, ProfileFileQuestion } from '../../../engine/client.ts';
import { FORM_NAMES } from '../../words/formats.ts';
import type { Outside } from '../doors.ts';
import { type Asking, AskingNow, createLatest } from '../latest.ts';

export interface ProfileSaving {
  readonly asking: Asking;
  readonly save: (question: ProfileFileQuestion) => void;
  readonly dispose: () => void;
}

interface SavingParts {
  readonly engine: Pick<EngineApi, 'profileFile'>;
  readonly download: Outside['download'];
  readonly open: OpenId;
  /** It was saved as this. */
  readonly onSaved: (formName: string) => void;
  readonly onFailure: (failure: Failure) => void;
}

export function createProfileSaving(parts: SavingParts): ProfileSaving {
  const { engine, download, open, onSaved, onFailure } = parts;
  const asking = new AskingNow();
  const latest = createLatest<ProfileFileQuestion, Blob>({
    ask: (question, signal) => engine.profileFile(open, question, { signal }),
    onAnswer(file, { form, title }) {
      download(`${title}.${FORM_NAMES[form].ending}`, file);
      onSaved(FORM_NAMES[form].name);
    },
    onFailure,
    asking,
  });
  return { asking, save: latest.ask, dispose: latest.dispose };
}
