/** What to record, for tests of the recorder. In: what the test cares about. Out: a whole request. */
import type { RecordingRequest } from '../../src/capture/index.ts';
import { type CaptureOptions, DEFAULT_CAPTURE_OPTIONS, recordingId } from '../../src/recording/index.ts';

export function buildRequest(
  changes: Partial<RecordingRequest> = {},
  options: Partial<CaptureOptions> = {},
): RecordingRequest {
  return {
    id: recordingId('test-recording'),
    url: 'http://shop.example/cart',
    title: 'Cart',
    load: { kind: 'reload' },
    options: { ...DEFAULT_CAPTURE_OPTIONS, ...options },
    browser: 'Chromium/156.0.8078.79',
    recorder: 'pageflame test',
    devtoolsOpen: false,
    ...changes,
  };
}
