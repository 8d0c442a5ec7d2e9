/**
 * Our recorder over any session, for the bench: what extension and command line do, with the bench's own options.
 * In: a session whose page is open already, options. Out: the recorder, and its recording, whose trace is thrown away.
 */
import { type CdpSession, NO_MEMORY, Recorder } from '../../src/capture/index.ts';
import { FileStore } from '../../src/recording/file-store.node.ts';
import {
  type CaptureOptions,
  DEFAULT_CAPTURE_OPTIONS,
  newRecordingId,
  PRESETS,
  type PresetName,
  type Recording,
} from '../../src/recording/index.ts';

export { openSite } from '../e2e/harness/site.ts';

export interface BenchRecording {
  readonly recorder: Recorder;
  /** Resolves when it has ended. */
  readonly ended: Promise<Recording>;
}

/** Options of a preset as a user has them who has changed nothing else. */
export const presetOptions = (preset: PresetName): CaptureOptions => ({
  ...DEFAULT_CAPTURE_OPTIONS,
  ...PRESETS[preset],
});

export async function beginRecording(
  session: CdpSession,
  url: string,
  options: CaptureOptions,
): Promise<BenchRecording> {
  const opened = await FileStore.open();
  if (!opened.ok) throw new Error(opened.failure.message);
  const store = opened.value;
  const recorder = Recorder.begin(
    { session, store, memory: NO_MEMORY },
    {
      id: newRecordingId(),
      url,
      title: '',
      load: { kind: 'reload' },
      options,
      browser: 'bench',
      recorder: 'bench',
      devtoolsOpen: false,
    },
  );
  const ended = recorder.ended.then(async (result) => {
    await store.close();
    if (!result.ok) throw new Error(`${result.failure.message} ${result.failure.detail}`);
    return result.value;
  });
  return { recorder, ended };
}
