/**
 * A DevTools-protocol session to one page, as capture/ needs it: `chrome.debugger` in the extension, Playwright's
 * CDPSession in the command line, a script in tests. Rejects with the protocol's own message.
 */
export type CdpParams = Readonly<Record<string, unknown>>;

export interface CdpSession {
  send(method: string, params?: CdpParams): Promise<Record<string, unknown>>;
}
