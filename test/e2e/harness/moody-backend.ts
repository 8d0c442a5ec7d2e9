/**
 * A proxy before a backend that fails now and then, and remembers what the backend took.
 * In: the backend, how often to fail, a seed. Out: its address; how often each body was taken; what the proxy did.
 *   429, 500   answered, not passed on      cut   read, not passed on
 *   lost       passed on and taken; the answer is thrown away with the connection
 */
import { createHash } from 'node:crypto';
import { listen, type RunningServer, readBody } from '../../backends/stand-ins/http.ts';

export const MOODS = ['429', '500', 'cut', 'lost'] as const;

export interface MoodyRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly connection: string | undefined;
}

export interface MoodyBackend extends RunningServer {
  /** What was done so far. */
  readonly counts: Readonly<Record<(typeof MOODS)[number] | 'passed', number>>;
  /** By what was sent: how often the backend took it. */
  readonly taken: ReadonlyMap<string, number>;
  /** Everything that came, without bodies. */
  readonly requests: readonly MoodyRequest[];
  /** Share of the requests that fail; may be changed. */
  share: number;
  /** Nothing is answered until it resolves. */
  hold: Promise<void>;
}

export async function startMoodyBackend(server: string, share: number, seed = 1): Promise<MoodyBackend> {
  const counts = { '429': 0, '500': 0, cut: 0, lost: 0, passed: 0 };
  const taken = new Map<string, number>();
  const requests: MoodyRequest[] = [];
  let state = seed;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const proxy = await listen(async (request, response) => {
    const body = await readBody(request);
    const { method = 'GET', url: path = '/', headers: given } = request;
    requests.push({ path, authorization: given.authorization, connection: given.connection });
    await moody.hold;
    const mood = random() < moody.share ? MOODS[Math.floor(random() * MOODS.length)] : 'passed';
    counts[mood]++;
    if (mood === 'cut') return void request.socket.destroy();
    if (mood === '429' || mood === '500') {
      response.writeHead(Number(mood), { 'Retry-After': '1', 'Content-Type': 'text/plain' });
      return void response.end('the proxy is in a mood');
    }
    const headers = new Headers();
    for (const name of ['content-type', 'content-encoding', 'x-scope-orgid'])
      if (typeof given[name] === 'string') headers.set(name, given[name]);
    const answer = await fetch(server + path, { method, headers, body: method === 'GET' ? null : body });
    const text = Buffer.from(await answer.arrayBuffer());
    if (answer.ok && /Push|writeraw|\/v1/.test(path) && body.length > 2) {
      const print = createHash('sha256').update(body).digest('hex');
      taken.set(print, (taken.get(print) ?? 0) + 1);
    }
    if (mood === 'lost') return void request.socket.destroy();
    response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? '' });
    response.end(text);
  });
  const moody = { ...proxy, counts, taken, requests, share, hold: Promise.resolve() };
  return moody;
}
