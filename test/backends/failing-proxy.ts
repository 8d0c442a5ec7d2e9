/**
 * A proxy that fails often, in five ways, before a server.
 * In: the server, how often, a seed: the same seed fails at the same requests. Out: its address, and a `fetch` that is
 * refused a connection now and then; counts of what it did.
 *   refused   nobody listens      429, 500   answered, not passed on      cut   read, not passed on
 *   lost      passed on and taken; the server's answer is waited for and thrown away
 */
import { addressOfNobody, listen, type RunningServer, readBody } from './stand-ins/http.ts';

export const FAILURES = ['refused', '429', '500', 'cut', 'lost'] as const;
export type FailureKind = (typeof FAILURES)[number];

export interface FailingProxy extends RunningServer {
  readonly fetch: typeof fetch;
  readonly counts: Readonly<Record<FailureKind | 'passed', number>>;
}

export async function startFailingProxy(server: string, share: number, seed = 1): Promise<FailingProxy> {
  const counts = { refused: 0, '429': 0, '500': 0, cut: 0, lost: 0, passed: 0 };
  let state = seed;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const nobody = await addressOfNobody();
  const proxy = await listen(async (request, response) => {
    const fate = request.headers['x-fate'];
    const body = await readBody(request);
    if (fate === 'cut') return void request.socket.destroy();
    if (fate === '429' || fate === '500') {
      response.writeHead(Number(fate), { 'Retry-After': '2', 'Content-Type': 'text/plain' });
      return void response.end('the proxy is in a mood');
    }
    const headers = new Headers();
    for (const name of ['content-type', 'content-encoding', 'x-scope-orgid'])
      if (typeof request.headers[name] === 'string') headers.set(name, request.headers[name]);
    const { method = 'GET' } = request;
    const own = method === 'GET' ? null : body;
    const sent = await fetch(server + request.url, { method, headers, body: own });
    const answer = Buffer.from(await sent.arrayBuffer());
    if (fate === 'lost') return void request.socket.destroy();
    response.writeHead(sent.status, { 'Content-Type': sent.headers.get('content-type') ?? '' });
    response.end(answer);
  });
  const decide = (): FailureKind | 'passed' =>
    random() < share ? FAILURES[Math.floor(random() * FAILURES.length)] : 'passed';
  return {
    ...proxy,
    counts,
    fetch: (input, init) => {
      const fate = decide();
      counts[fate]++;
      const url = String(input);
      if (fate === 'refused') return fetch(url.replace(proxy.url, nobody), init);
      return fetch(url, { ...init, headers: { ...init?.headers, 'x-fate': fate } });
    },
  };
}
