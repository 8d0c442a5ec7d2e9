/**
 * `POST /ingest` of the Pyroscope stand-in: pprof bodies and folded stacks (reference/protocols.md §1a).
 * In: the call and the tenant's store. Out: 200 without a body. Refuses: no name, or one of letters that it does not know
 * (400), anything else (422).
 */
import type { Call, Reply } from './http.ts';
import { writeProfile } from './profile-data.ts';
import { invalid, type PyroscopeStore, Refusal } from './pyroscope-store.ts';
import { textOf } from './wire.ts';

export function answerIngest({ query, body }: Call, store: PyroscopeStore): Reply {
  const name = query.get('name') ?? '';
  const [, app, rest] = /^([^{]*)(?:\{(.*)\})?$/s.exec(name) ?? [];
  if (!app) throw invalid('name: service name is required');
  if (/[^A-Za-z0-9_./-]/.test(app)) throw invalid(`name: invalid service name '${app}'`);
  const pprof = query.get('format') === 'pprof';
  const own = (rest ?? '')
    .split(',')
    .filter((pair) => pair.includes('='))
    .map((pair) => {
      const cut = pair.indexOf('=');
      return [pair.slice(0, cut).trim(), pair.slice(cut + 1).trim()] as const;
    });
  const odd = own.find(([label]) => /[^A-Za-z0-9_.]/.test(label));
  if (odd !== undefined) throw invalid(`name: invalid label name '${odd[0]}'`);
  const labels = [
    ['__name__', 'process_cpu'],
    ['__delta__', 'false'],
    ['pyroscope_spy', query.get('spyName') ?? 'unknown'],
    ...(own.some(([label]) => label === 'service_name') ? [] : [['service_name', app] as const]),
    ...own,
  ] as const;
  const raw = pprof ? body : readFolded(textOf(body), Number(query.get('sampleRate') ?? 100));
  try {
    store.push(labels, raw);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(
      error.status === 429 ? 429 : 422,
      'unknown',
      `pushing IngestInput-pprof failed push series with index 0 and id  failed: ${error.code}: ${error.message}`,
    );
  }
  return { status: 200 };
}

/** `a;b;c 12`, root first; values are samples at `rate` per second. */
function readFolded(text: string, rate: number): Uint8Array {
  const cpu = { type: 'cpu', unit: 'nanoseconds' };
  const stacks = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const cut = line.lastIndexOf(' ');
      const frames = line.slice(0, cut).split(';').reverse();
      return {
        value: Number(line.slice(cut + 1)) * (1e9 / rate),
        frames: frames.map((name) => ({ name, file: '', line: 0, startLine: 0 })),
      };
    });
  return writeProfile(stacks, { sample: cpu, period: cpu }, 0n).bytes;
}
