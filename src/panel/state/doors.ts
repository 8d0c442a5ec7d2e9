/**
 * What the app needs of the world outside it, as small interfaces: the real ones are made in mount.tsx, tests give
 * their own. Types only.
 */
import type { ReadonlySignal } from '@preact/signals';
import type {
  Backend,
  Connection,
  ConnectionReport,
  Credentials,
  Order,
  PreparedShipment,
  PrepareQuestion,
  ShipmentView,
} from '../../backends/index.ts';
import type { Result } from '../../base/index.ts';
import type { EngineApi, OpenOptions } from '../../engine/client.ts';
import type { PanelMessage, RecorderState } from '../../extension/messages.ts';
import type { Recording, RecordingEdit, RecordingId } from '../../recording/index.ts';
import type { ReadSettings, Settings } from '../../settings/index.ts';
import type { Place } from './recorder-view.ts';

/** The service worker, over its port. */
export interface RecorderLink {
  /** null until its first word, and the last known one while the connection is being made anew. */
  readonly state: ReadonlySignal<RecorderState | null>;
  /** `lost`: the extension itself was reloaded or removed; only a new page can connect again. */
  readonly connection: ReadonlySignal<'connecting' | 'connected' | 'lost'>;
  /** Sent at once, or with the next connection. */
  readonly send: (message: PanelMessage) => void;
  /** Called when the library changed elsewhere. Call the answer to stop listening. */
  readonly onLibraryChange: (listener: () => void) => () => void;
}

/** The recordings that are kept. */
export interface LibraryDoor {
  /** Newest first. */
  readonly list: () => Promise<Result<readonly Recording[]>>;
  readonly get: (id: RecordingId) => Promise<Result<Recording>>;
  /** Changes what its user may: name, tags, notes. */
  readonly edit: (id: RecordingId, changes: RecordingEdit) => Promise<Result<Recording>>;
  readonly remove: (id: RecordingId) => Promise<Result<void>>;
  /** Adds a `.pageflame` file. */
  readonly importFile: (name: string, file: Blob, options: OpenOptions) => Promise<Result<Recording>>;
  /** The recording as a `.pageflame` file under its default name. */
  readonly exportFile: (
    id: RecordingId,
    options: OpenOptions,
  ) => Promise<Result<{ readonly name: string; readonly file: Blob }>>;
  /** The JPEG of one filmstrip frame. */
  readonly readFrame: (id: RecordingId, frame: number) => Promise<Result<Uint8Array>>;
}

/** What this panel showed last, so that it shows it again after a reload. */
export interface LastOpened {
  readonly recording: RecordingId | null;
  /** The recording that had finished last by then: a newer one goes before `recording`. */
  readonly finished: RecordingId | null;
}

export interface PanelMemory {
  readonly read: () => Promise<LastOpened>;
  readonly write: (last: LastOpened) => void;
}

export interface Clock {
  /** Unix ms. */
  readonly now: () => number;
  /** Calls back now and then while something runs that shows a time. Call the answer to stop. */
  readonly tick: (callback: () => void) => () => void;
  /** Calls back once, after so many ms. Call the answer to take it back. */
  readonly after: (millis: number, callback: () => void) => () => void;
}

/** What the user has chosen, wherever it was chosen. */
export interface SettingsDoor {
  /** The defaults until they are read. */
  readonly current: ReadonlySignal<ReadSettings>;
  readonly change: (change: (settings: Settings) => Settings) => Promise<Result<void>>;
}

/** Bytes, as the browser tells them. */
export interface StorageRoom {
  readonly used: number;
  readonly quota: number;
}

/** The backends that the user has set up. Its code and theirs load when it is first asked for. */
export interface BackendsDoor {
  /** In the order of their addresses; follows every change, of this page and of others. */
  readonly list: ReadonlySignal<readonly Backend[]>;
  /** Ids of what is stored and cannot be used. */
  readonly refused: ReadonlySignal<readonly string[]>;
  /** Match patterns of origins (see `originPatterns`) that this extension has leave to ask. */
  readonly allowed: ReadonlySignal<ReadonlySet<string>>;
  /** For requests from this page: with the credentials, which go to the backend's own origin only. */
  readonly connect: (id: string) => Promise<Result<Connection>>;
  /** Keeps a backend; `credentials`: null keeps those that are there. */
  readonly put: (backend: Backend, credentials: Credentials | null) => Promise<Result<void>>;
  /** Forgets it and its credentials, and gives back the leave to ask where no other backend needs it. */
  readonly remove: (id: string) => Promise<Result<void>>;
  /** Asks the user for leave to reach those origins and no others; only within a click. False: refused. */
  readonly allow: (patterns: readonly string[]) => Promise<boolean>;
  /** Gives back the leave to ask of what no backend needs. */
  readonly giveBack: (patterns: readonly string[]) => Promise<void>;
  /** What would be sent, put together beside this page; the question's columns go there for good. */
  readonly prepare: (question: PrepareQuestion, signal: AbortSignal) => Promise<Result<PreparedShipment>>;
  /** *Test connection*, before anything is kept. `credentials`: null takes those that are kept. */
  readonly test: (backend: Backend, credentials: Credentials | null) => Promise<Result<ConnectionReport>>;
}

/** What is on its way to backends, and what has arrived. Loads like the backends. */
export interface DeliveriesDoor {
  /** Newest first; follows every change. */
  readonly shipments: ReadonlySignal<readonly ShipmentView[]>;
  /** Kept when it resolves: it is carried out even if every page is closed then. */
  readonly order: (order: Order) => Promise<Result<void>>;
}

export interface Outside {
  /** The same one every time. */
  readonly backends: () => Promise<BackendsDoor>;
  readonly deliveries: () => Promise<DeliveriesDoor>;
  readonly place: Place;
  readonly recorder: RecorderLink;
  readonly library: LibraryDoor;
  readonly settings: SettingsDoor;
  /** null where the browser does not tell. */
  readonly storageRoom: () => Promise<StorageRoom | null>;
  /** Does `work` in one of all open pages that are asked to at the same time, a visible one where there is one. */
  readonly inOnePage: (name: string, work: () => void) => Promise<void>;
  readonly engine: EngineApi;
  /** The first trace that is opened will be as quick as the second. Takes half a second, and does nothing twice. */
  readonly makeReady: () => Promise<void>;
  readonly memory: PanelMemory;
  readonly clock: Clock;
  /** Hands a file to the browser's downloads. */
  readonly download: (name: string, file: Blob) => void;
  /** Puts a text on the clipboard; answers whether the browser let it. */
  readonly copy: (text: string) => Promise<boolean>;
  /** Loads this page anew. */
  readonly reloadPage: () => void;
}
