/**
 * What is sent to a page before it is traced, in order. In: what shall be recorded. Out: whether Chrome took it.
 * Nothing here changes what the page computes, only what we hear of it and what the user asked to be changed.
 * May be sent twice: a revived service worker begins again from the top.
 */
import { type Result, succeed } from '../base/index.ts';
import type { CdpParams } from './cdp-session.ts';
import type { Commands } from './commands.ts';
import { networkConditions } from './network-presets.ts';
import type { RecordingRequest } from './notes.ts';
import { PAGE_WORLD } from './page-reports.ts';
import { REPORTING, VITALS_SOURCE } from './page-state.ts';

interface Step {
  readonly method: string;
  readonly params?: CdpParams;
  /** Without it the recording goes on, and what it would have brought is null. */
  readonly optional?: boolean;
}

export async function preparePage(commands: Commands, request: RecordingRequest): Promise<Result<void>> {
  for (const { method, params, optional } of preparation(request)) {
    const sent = await commands.send(method, params);
    if (sent.ok) continue;
    const tolerable = optional === true && sent.failure.code === 'command-refused';
    if (!tolerable) return sent;
  }
  return succeed(undefined);
}

function preparation({ options, load }: RecordingRequest): Step[] {
  const { cpuThrottling, coldCache } = options;
  const network = networkConditions(options.networkThrottling);
  return [
    // Tells at once of a renderer that has crashed already and would answer nothing below.
    { method: 'Inspector.enable', optional: true },
    { method: 'Page.enable' },
    // Bodies are not wanted: Chrome need not keep any.
    { method: 'Network.enable', params: { maxTotalBufferSize: 0, maxResourceBufferSize: 0 } },
    // A frame of another site runs in a process of its own, which Chrome traces with the tab only when it is attached as
    // the frame gets there (seen). Nothing is enabled in its session, so nothing is heard from it.
    {
      method: 'Target.setAutoAttach',
      params: {
        autoAttach: true,
        waitForDebuggerOnStart: false,
        flatten: true,
        filter: [{ type: 'iframe' }],
      },
      optional: true,
    },
    // In a document that loads, the script would cost about 10 ms of the load, and Runtime whatever the page writes to its
    // console: both come when the recording is over (see settlePage). A page that is recorded as it stands is used by
    // somebody, and of quick interactions Chrome keeps nothing for later.
    ...(load.kind === 'stay'
      ? [
          ...REPORTING,
          {
            method: 'Page.addScriptToEvaluateOnNewDocument',
            params: { source: VITALS_SOURCE, worldName: PAGE_WORLD, runImmediately: true },
            optional: true,
          },
        ]
      : []),
    ...(coldCache ? [{ method: 'Network.setCacheDisabled', params: { cacheDisabled: true } }] : []),
    ...(network ? [{ method: 'Network.emulateNetworkConditions', params: network }] : []),
    ...(cpuThrottling > 1
      ? [{ method: 'Emulation.setCPUThrottlingRate', params: { rate: cpuThrottling } }]
      : []),
  ];
}

/** Lets the page and the trace's way out run at full speed again. Not waited for: the page may hang. */
export function liftThrottling(commands: Commands, { options }: RecordingRequest): void {
  if (options.cpuThrottling > 1) void commands.send('Emulation.setCPUThrottlingRate', { rate: 1 });
}
