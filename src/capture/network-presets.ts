/**
 * Network throttling by name, with the numbers that DevTools uses for the same names.
 * In: a name from {@link CaptureOptions}. Out: `Network.emulateNetworkConditions`, in bytes per second and ms.
 */
import { NETWORK_PRESETS } from '../recording/index.ts';
import type { CdpParams } from './cdp-session.ts';

/** The protocol's parameters for preset `name`; null for no throttling and for a name nobody knows. */
export function networkConditions(name: string | null): CdpParams | null {
  const preset = NETWORK_PRESETS.find((candidate) => candidate.name === name);
  if (preset === undefined) return null;
  return {
    offline: false,
    latency: preset.latency,
    downloadThroughput: preset.download,
    uploadThroughput: preset.upload,
  };
}
