/**
 * A scripted Chrome with one tab, for tests of the recorder: it keeps what outlives a killed service worker (the
 * attachment, the trace, the stream) and answers as Chromium 156 was seen to answer, quirks included.
 * In: commands, and a script of how the page loads. Out: replies, and events to whoever listens. Time is vitest's.
 */
import type { CdpParams, PageArea } from '../../src/capture/index.ts';

export type Listener = (method: string, params: CdpParams) => void;

export interface BrowserScript {
  /** Refuses to attach, with these words. */
  readonly refuseAttach?: string;
  /** Another tool traces. */
  readonly tracingBusy?: boolean;
  readonly refuseProto?: boolean;
  /** ms from the reload to the load event; null: it never fires. */
  readonly loadMillis?: number | null;
  readonly dataLoss?: boolean;
  /** ms from `Tracing.end` to `Tracing.tracingComplete`. */
  readonly completeMillis?: number;
  /** The event that tells so gets lost. */
  readonly neverTellsComplete?: boolean;
  /** Bytes of the stream; without them, as it was asked for. */
  readonly stream?: Uint8Array;
  /** At the most so many bytes come with one read. */
  readonly readMax?: number;
  /** Bytes of a stream that another debugger holds, under the handle before the trace's. */
  readonly otherStream?: Uint8Array;
  readonly contentType?: string;
  /** Commands that get no answer, ever. */
  readonly silent?: readonly string[];
  /** Commands that are refused, with these words. */
  readonly refuse?: Readonly<Record<string, string>>;
  /** For so long the tab has no page to load, from the first reload that is asked for. */
  readonly betweenPagesMillis?: number;
  /** Chrome's debugging bar makes the page smaller a moment after attaching. */
  readonly showsBar?: boolean;
  /** DevTools shows the page as a phone would. */
  readonly deviceMode?: boolean;
  /** The share of time for which the main thread is busy. */
  readonly busyShare?: () => number;
  /** More events at the load, as `[ms after the reload, method, params]`. */
  readonly events?: readonly (readonly [number, string, CdpParams])[];
}

const HEARTBEAT_MILLIS = 500;
const COMPLETE_MILLIS = 40;
const NAVIGATE_MILLIS = 20;
/** Seen: 130 to 230. */
export const BAR_MILLIS = 230;
const OTHER_HANDLE = '2';
export const STREAM_HANDLE = '3';

export class ScriptedBrowser {
  readonly sent: string[] = [];
  /** The last parameters of each command. */
  readonly params = new Map<string, CdpParams>();
  attached = false;
  tracing = false;
  /** Traces that have been started. */
  started = 0;
  crashed = false;
  listener: Listener = () => undefined;
  startParams: CdpParams = {};
  readonly #script: BrowserScript;
  /** As Chrome writes it. */
  stream: Uint8Array;
  #streamOpen = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #beats: NodeJS.Timeout | undefined;
  #completing = false;
  #endedAt = 0;
  /** Reads of the trace before it was complete. */
  earlyReads = 0;
  #origin = 0;
  #attachedAt = 0;
  #firstLoadAt: number | null = null;
  #loaded = true;
  #seconds = 0;
  #busySeconds = 0;
  #lastMetrics = Date.now();

  constructor(script: BrowserScript = {}) {
    this.#script = script;
    this.stream = script.stream ?? gzipLike(5_000);
    this.#origin = Date.now() - 10_000;
  }

  /** The trace has been ended, and is still being written. */
  get isCompleting(): boolean {
    return this.#completing;
  }

  get showsBar(): boolean {
    return this.#script.showsBar ?? false;
  }

  count(method: string): number {
    return this.sent.filter((each) => each === method).length;
  }

  async attach(): Promise<void> {
    this.sent.push('attach');
    if (this.#script.refuseAttach) throw new Error(this.#script.refuseAttach);
    if (this.attached) throw new Error('Another debugger is already attached to the tab with id: 7.');
    this.attached = true;
    this.#attachedAt = Date.now();
  }

  async detach(): Promise<void> {
    if (!this.attached) throw new Error('Debugger is not attached to the tab with id: 7.');
    this.#letGo();
  }

  /** The tab closes, or the user presses Cancel: no event of the session comes any more. */
  lose(): void {
    this.#letGo();
  }

  crash(): void {
    this.crashed = true;
    this.#emit('Inspector.targetCrashed', {});
  }

  emit(method: string, params: CdpParams): void {
    this.#emit(method, params);
  }

  send(method: string, params: CdpParams): Promise<CdpParams> {
    this.sent.push(method);
    this.params.set(method, params);
    const browserSide = /^(Tracing|IO|Inspector)\.|Page\.(reload|getNavigationHistory|stopScreencast)/.test(
      method,
    );
    if (this.#script.silent?.includes(method) || (this.crashed && !browserSide)) return never();
    return this.#answer(method, params);
  }

  async #answer(method: string, params: CdpParams): Promise<CdpParams> {
    if (!this.attached) throw new Error('Debugger is not attached to the tab with id: 7.');
    const refusal = this.#script.refuse?.[method];
    if (refusal !== undefined) throw protocolError(-32601, refusal);
    switch (method) {
      case 'Inspector.enable':
        if (this.crashed) this.#emit('Inspector.targetCrashed', {});
        return {};
      case 'Tracing.start':
        return this.#startTracing(params);
      case 'Tracing.end':
        return this.#endTracing();
      case 'Tracing.recordClockSyncMarker':
        if (!this.tracing && !this.#completing) throw protocolError(-32000, 'Tracing is not started');
        return {};
      case 'IO.read':
        return this.#read(params);
      case 'IO.close':
        this.#streamOpen = false;
        return {};
      case 'Page.reload':
      case 'Page.navigate':
        this.#refuseBetweenPages();
        this.#load();
        return method === 'Page.navigate' ? { loaderId: 'loader-2' } : {};
      case 'Runtime.evaluate':
        return this.#evaluate(String(params.expression));
      case 'Performance.enable':
        this.#lastMetrics = Date.now();
        this.#busySeconds = 0;
        return {};
      case 'Performance.getMetrics':
        return this.#metrics();
      case 'Page.getLayoutMetrics':
        return { cssVisualViewport: { zoom: 1.25 } };
      case 'Page.getFrameTree':
        return { frameTree: { frame: { id: 'frame-1' } } };
      case 'Page.createIsolatedWorld':
        return { executionContextId: 5 };
      case 'Page.getNavigationHistory':
        return { currentIndex: 0, entries: [{ url: 'http://shop.example/cart', title: 'Cart' }] };
      default:
        return {};
    }
  }

  /** The tab's page area: the bar comes a while after attaching, and takes its height from it. */
  get area(): PageArea {
    return { width: 1_250, height: Date.now() < this.#attachedAt + BAR_MILLIS ? 800 : 744 };
  }

  #startTracing(params: CdpParams): CdpParams {
    if (this.tracing || this.#script.tracingBusy)
      throw protocolError(-32000, 'Tracing has already been started (possibly in another tab).');
    if (this.#script.refuseProto && params.streamFormat === 'proto')
      throw protocolError(-32602, 'Invalid parameters');
    this.startParams = params;
    if (!this.#script.stream && params.streamCompression === 'none')
      this.stream = params.streamFormat === 'proto' ? packetLike(5_000) : jsonOf(5_000);
    this.tracing = true;
    this.started++;
    this.#heartbeat = setInterval(
      () => this.#emit('Tracing.bufferUsage', { percentFull: 0.25, value: 0.25, eventCount: 0 }),
      HEARTBEAT_MILLIS,
    );
    return {};
  }

  #endTracing(): CdpParams {
    // Chrome takes it, and crashes.
    if (this.#completing) throw new Error('the browser has crashed: a second Tracing.end');
    if (!this.tracing) throw protocolError(-32000, 'Tracing is not started');
    this.tracing = false;
    clearInterval(this.#heartbeat);
    this.#completing = true;
    this.#endedAt = Date.now();
    this.#streamOpen = true;
    if (!this.crashed) setTimeout(() => this.#complete(), this.#script.completeMillis ?? COMPLETE_MILLIS);
    return {};
  }

  #complete(): void {
    if (!this.attached || !this.#completing) return;
    this.#completing = false;
    if (this.#script.neverTellsComplete) return;
    this.#emit('Tracing.tracingComplete', {
      dataLossOccurred: this.#script.dataLoss ?? false,
      stream: STREAM_HANDLE,
      traceFormat: this.startParams.streamFormat,
      streamCompression: this.startParams.streamCompression,
    });
  }

  #read({ handle, offset, size }: CdpParams): CdpParams {
    const { otherStream, readMax = 1_500 } = this.#script;
    const stream = handle === OTHER_HANDLE && otherStream ? otherStream : this.#written(handle);
    if (stream.length === 0) throw protocolError(-32000, 'Read failed');
    const from = Number(offset);
    const bytes = stream.slice(from, from + Math.min(Number(size), readMax));
    const { streamCompression, streamFormat } = this.startParams;
    const base64Encoded = streamCompression === 'gzip' || streamFormat === 'proto';
    const data = Buffer.from(bytes).toString(base64Encoded ? 'base64' : 'utf8');
    return { base64Encoded, data, eof: bytes.length === 0 };
  }

  /** What Chrome has written of the trace by now. */
  #written(handle: unknown): Uint8Array {
    if (handle !== STREAM_HANDLE || !this.#streamOpen) throw protocolError(-32602, 'Invalid stream handle');
    if (!this.#completing) return this.stream;
    this.earlyReads++;
    const { completeMillis = COMPLETE_MILLIS } = this.#script;
    const share = this.crashed ? 0 : (Date.now() - this.#endedAt) / completeMillis;
    return this.stream.subarray(0, Math.floor(this.stream.length * Math.min(share, 1)));
  }

  #refuseBetweenPages(): void {
    this.#firstLoadAt ??= Date.now();
    if (Date.now() < this.#firstLoadAt + (this.#script.betweenPagesMillis ?? 0))
      throw protocolError(-32000, 'Not attached to an active page');
  }

  #load(): void {
    if (this.crashed) {
      this.crashed = false;
      this.#emit('Inspector.targetReloadedAfterCrash', {});
      if (this.#completing) this.#complete();
    }
    const { loadMillis = 200, events = [] } = this.#script;
    for (const [millis, method, params] of events) setTimeout(() => this.#emit(method, params), millis);
    setTimeout(() => {
      this.#origin = Date.now();
      this.#loaded = false;
      this.#emit('Page.frameNavigated', {
        frame: { id: 'frame-1', loaderId: 'loader-2', url: 'http://shop.example/cart' },
      });
    }, NAVIGATE_MILLIS);
    if (loadMillis === null) return;
    setTimeout(() => {
      this.#loaded = true;
      this.#emit('Page.loadEventFired', { timestamp: 1 });
    }, NAVIGATE_MILLIS + loadMillis);
  }

  #evaluate(expression: string): CdpParams {
    if (expression.includes('pageflameSettle')) {
      clearInterval(this.#beats);
      this.#beats = setInterval(
        () => this.#emit('Runtime.bindingCalled', { name: 'pageflameReport', payload: '{"kind":"beat"}' }),
        1_000,
      );
      return { result: { type: 'undefined' } };
    }
    if (expression.includes('innerWidth')) {
      // In CSS pixels, at a zoom of 125 %, rounded as Chrome does.
      const width = this.#script.deviceMode ? 390 : this.area.width / 1.25;
      const viewport = { width, height: Math.round(this.area.height / 1.25) };
      return { result: { type: 'string', value: JSON.stringify(viewport) } };
    }
    const state = {
      origin: this.#origin,
      ready: this.#loaded ? 'complete' : 'loading',
      type: this.#script.contentType ?? 'text/html',
    };
    return { result: { type: 'string', value: JSON.stringify(state) } };
  }

  #metrics(): CdpParams {
    const passed = (Date.now() - this.#lastMetrics) / 1_000;
    this.#lastMetrics = Date.now();
    this.#seconds += passed;
    this.#busySeconds += passed * (this.#script.busyShare?.() ?? 0.01);
    return {
      metrics: [
        { name: 'Timestamp', value: this.#seconds },
        { name: 'TaskDuration', value: this.#busySeconds },
      ],
    };
  }

  #letGo(): void {
    this.attached = false;
    this.tracing = false;
    this.#streamOpen = false;
    this.#completing = false;
    clearInterval(this.#heartbeat);
    clearInterval(this.#beats);
  }

  /** Events come one by one, each in a turn of its own. */
  #emit(method: string, params: CdpParams): void {
    if (!this.attached) return;
    setTimeout(() => {
      if (this.attached) this.listener(method, params);
    });
  }
}

/** Bytes that begin as every stream that is asked for does. */
export const gzipLike = (length: number, factor = 31): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => [0x1f, 0x8b][index] ?? (index * factor) % 251);

/** A stream that is not packed, as it begins: with a packet. */
const packetLike = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index === 0 ? 0x0a : (index * 37) % 251));

const jsonOf = (length: number): Uint8Array =>
  new TextEncoder().encode(`{"traceEvents":[${'{},'.repeat(length / 3)}{}]}`);

const never = (): Promise<never> => new Promise(() => undefined);

/** As `chrome.debugger` words a refusal: the protocol's error as JSON text. */
const protocolError = (code: number, message: string): Error => new Error(JSON.stringify({ code, message }));
