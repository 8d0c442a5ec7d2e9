/**
 * A DevTools-protocol session to one page, as capture/ needs it: `chrome.debugger` in the extension, Playwright's
 * CDPSession in the command line, a script in tests. Rejects with the protocol's own message.
 */
export type CdpParams = Readonly<Record<string, unknown>>;

export interface CdpSession {
  /** Attaches. Rejects where the browser refuses, also when this session is attached already. */
  open(): Promise<void>;
  send(method: string, params?: CdpParams): Promise<CdpParams>;
  /** Detaches, whatever state the page is in. Rejects when it is detached already. */
  close(): Promise<void>;
}
