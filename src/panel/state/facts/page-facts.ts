/**
 * What is known of the page and of how it was recorded, as pairs of words. Pure.
 * In: the recording (null for a bare trace) and the opened trace (null where it is gone). Out: label and text, in the
 * order in which they are read. Refuses nothing: what is unknown is left out.
 */
import type { OpenedRecording } from '../../../engine/client.ts';
import { formatBytes, formatCount, formatDuration } from '../../../flame/index.ts';
import { type Recording, tagsOf } from '../../../recording/index.ts';
import { countOf } from '../../words/format.ts';

export type Fact = readonly [label: string, text: string];

export function listFacts(recording: Recording | null, opened: OpenedRecording | null): readonly Fact[] {
  return [
    ...(recording === null ? [] : recordingFacts(recording)),
    ...(opened === null ? [] : traceFacts(opened, recording)),
  ];
}

function recordingFacts(recording: Recording): readonly Fact[] {
  const { viewport, devicePixelRatio, durationMillis, options } = recording;
  const facts: Fact[] = [['URL', recording.url]];
  const add = (label: string, text: string | null) => {
    if (text !== null && text !== '') facts.push([label, text]);
  };
  add('Requested', recording.requestedUrl === recording.url ? null : recording.requestedUrl);
  add('Title', recording.title);
  add('Recorded', new Date(recording.startedAt).toLocaleString('en-GB'));
  add('Recorded for', durationMillis === null ? null : formatDuration(durationMillis * 1_000));
  add('Browser', recording.browser);
  const ratio = devicePixelRatio === null ? '' : ` at ${devicePixelRatio}×`;
  add('Viewport', viewport === null ? null : `${viewport.width} × ${viewport.height}${ratio}`);
  add('CPU', options.cpuThrottling > 1 ? `slowed down ${options.cpuThrottling}×` : 'not throttled');
  add('Network', options.networkThrottling ?? 'not throttled');
  add('Cache', options.coldCache ? 'cold (switched off)' : 'as the browser has it');
  add(
    'Tags',
    Object.entries(tagsOf(recording))
      .map(([key, value]) => `${key}=${value}`)
      .join(', '),
  );
  return facts;
}

function traceFacts(opened: OpenedRecording, recording: Recording | null): readonly Fact[] {
  const { bounds, requests, events, sampleCount, threads, format } = opened;
  const bytes = requests.reduce((sum, request) => sum + (request.encodedBytes ?? 0), 0);
  const facts: Fact[] = [];
  if (recording === null && opened.url !== '') facts.push(['URL', opened.url]);
  facts.push(
    [
      'Trace',
      `${format === 'json' ? 'Trace-event JSON' : 'Perfetto'}, ${formatDuration(bounds.end - bounds.start)}`,
    ],
    ['Events', `${formatCount(events)} on ${countOf(threads.length, 'thread')}`],
    ['JavaScript samples', formatCount(sampleCount)],
    ['Requests', `${formatCount(requests.length)}, ${formatBytes(bytes)}`],
  );
  return facts;
}
