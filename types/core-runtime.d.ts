/**
 * What the pure core may know of its runtime: only what workers, pages and Node share.
 * Used by tsconfig.core.json alone; the other projects take these from their own libs.
 */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: ArrayBufferView | ArrayBuffer, options?: { stream?: boolean }): string;
}
declare class TextEncoder {
  encode(input?: string): Uint8Array;
}
interface ReadableStreamReadResult<T> {
  done: boolean;
  value: T;
}
interface ReadableStreamDefaultReader<T> {
  read(): Promise<{ done: false; value: T } | { done: true; value?: T }>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}
interface ReadableStreamBYOBReader {
  read<V extends ArrayBufferView>(view: V): Promise<{ done: boolean; value?: V }>;
  cancel(reason?: unknown): Promise<void>;
}
declare class ReadableStream<T = unknown> {
  constructor(
    source?: {
      start?(controller: ReadableStreamController<T>): void | Promise<void>;
      pull?(controller: ReadableStreamController<T>): void | Promise<void>;
      cancel?(reason?: unknown): void | Promise<void>;
    },
    strategy?: { highWaterMark?: number },
  );
  getReader(options: { mode: 'byob' }): ReadableStreamBYOBReader;
  getReader(): ReadableStreamDefaultReader<T>;
  cancel(reason?: unknown): Promise<void>;
  [Symbol.asyncIterator](): AsyncIterator<T>;
  pipeThrough<O>(transform: { readable: ReadableStream<O>; writable: unknown }): ReadableStream<O>;
}
interface ReadableStreamController<T> {
  enqueue(chunk: T): void;
  close(): void;
  error(reason?: unknown): void;
}
declare class DecompressionStream {
  constructor(format: 'gzip' | 'deflate' | 'deflate-raw');
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: {
    getWriter(): {
      write(chunk: Uint8Array): Promise<void>;
      close(): Promise<void>;
      abort(reason?: unknown): Promise<void>;
    };
  };
}
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare class URL {
  constructor(url: string, base?: string);
  static canParse(url: string, base?: string): boolean;
  readonly href: string;
  readonly origin: string;
  readonly host: string;
  readonly hostname: string;
  readonly protocol: string;
  readonly pathname: string;
  readonly search: string;
  username: string;
  password: string;
}
declare function setTimeout(handler: () => void, delayMillis?: number): number;
declare function clearTimeout(handle: number | undefined): void;
declare function setInterval(handler: () => void, delayMillis?: number): number;
declare function clearInterval(handle: number | undefined): void;
declare function atob(base64: string): string;
declare function btoa(binary: string): string;
declare const performance: { now(): number };
interface MessagePort {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}
declare class MessageChannel {
  readonly port1: MessagePort;
  readonly port2: MessagePort;
}
declare const crypto: { randomUUID(): string };
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  type Imports = Readonly<Record<string, Readonly<Record<string, (...values: number[]) => unknown>>>>;
  interface Module {
    readonly [Symbol.toStringTag]: string;
  }
  function compile(code: Uint8Array): Promise<Module>;
  function instantiate(code: Module, imports: Imports): Promise<Instance>;
}
declare class CompressionStream {
  constructor(format: 'gzip');
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: DecompressionStream['writable'];
}
