/**
 * A DevTools-protocol session to one page, as capture/ needs it: `chrome.debugger` in the extension, Playwright's
 * CDPSession in the command line, a script in tests. Rejects with the protocol's own message.
 */
export type CdpParams = Readonly<Record<string, unknown>>;

/** The room that a tab's page has, CSS pixels at a zoom of 100 %. */
export interface PageArea {
  readonly width: number;
  readonly height: number;
}

export interface CdpSession {
  /** Only where attaching makes the browser show a bar above the page: the room that is left. null: nobody knows. */
  readonly pageArea?: () => Promise<PageArea | null>;
  /** Attaches. Rejects where the browser refuses, also when this session is attached already. */
  open(): Promise<void>;
  send(method: string, params?: CdpParams): Promise<CdpParams>;
  /** Detaches, whatever state the page is in. Rejects when it is detached already. */
  close(): Promise<void>;
}
