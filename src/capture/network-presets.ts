/**
 * Network throttling by name, with the numbers that DevTools uses for the same names.
 * In: a name from {@link CaptureOptions}. Out: `Network.emulateNetworkConditions`, in bytes per second and ms.
 */
import type { CdpParams } from './cdp-session.ts';

export interface NetworkPreset {
  readonly name: string;
  /** Bytes per second. */
  readonly download: number;
  readonly upload: number;
  /** Added to every request, ms. */
  readonly latency: number;
}

/** DevTools' figures: nominal bits per second and round trip, times the factors that make a request feel like one. */
export const NETWORK_PRESETS: readonly NetworkPreset[] = [
  { name: 'Fast 4G', download: (9_000_000 / 8) * 0.9, upload: (1_500_000 / 8) * 0.9, latency: 60 * 2.75 },
  { name: 'Slow 4G', download: (1_600_000 / 8) * 0.9, upload: (750_000 / 8) * 0.9, latency: 150 * 3.75 },
  { name: '3G', download: (500_000 / 8) * 0.8, upload: (500_000 / 8) * 0.8, latency: 400 * 5 },
];

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
