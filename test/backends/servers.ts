/**
 * The servers under test: the real ones that the environment names, else stand-ins.
 * In: nothing. Out: an address and how to stop it (a real one is left running).
 */
import type { RunningServer } from './stand-ins/http.ts';
import { startParcaStandIn } from './stand-ins/parca.ts';
import { startPyroscopeStandIn } from './stand-ins/pyroscope.ts';

const real = (url: string | undefined): RunningServer | null =>
  url === undefined || url === '' ? null : { url: url.replace(/\/+$/, ''), stop: async () => undefined };

export const openPyroscope = async (): Promise<RunningServer> =>
  real(process.env.PAGEFLAME_PYROSCOPE_URL) ?? startPyroscopeStandIn();

/** One with `-auth.multitenancy-enabled=true`. */
export const openTenants = async (): Promise<RunningServer> =>
  real(process.env.PAGEFLAME_PYROSCOPE_TENANTS_URL) ?? startPyroscopeStandIn({ tenants: true });

export const openParca = async (): Promise<RunningServer> =>
  real(process.env.PAGEFLAME_PARCA_URL) ?? startParcaStandIn();

/** A service that nobody has sent profiles of: real servers keep those of earlier runs. */
export const newService = (): string => `pageflame-test-${crypto.randomUUID().slice(0, 8)}`;
