/** What the packers of all backends are given. Types only. */
import type { Cargo, Destination, Labels } from './contract.ts';
import type { TraceIds } from './ids.ts';
import type { Redact } from './redaction.ts';

export interface Packing {
  /** Its profiles are redacted; what else of it leaves goes through `redact`. */
  readonly cargo: Cargo;
  readonly destination: Destination;
  readonly labels: Labels;
  readonly ids: TraceIds;
  readonly redact: Redact;
  /** Unix ms added to every time: 0 but for what is sent with a new time. */
  readonly shift: number;
  readonly adHoc: boolean;
}
