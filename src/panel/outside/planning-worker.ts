/** The worker that puts together what would be sent: one question, one answer, and it is ended. Started by planner.ts. */
import { type PrepareQuestion, prepareShipment } from '../../backends/index.ts';

// This file compiles with the DOM's types, where the global scope is a window; here it is a worker's.
declare const self: {
  onmessage: ((event: MessageEvent<PrepareQuestion>) => void) | null;
  postMessage(message: unknown): void;
};

// A broken promise is heard of by nobody outside a worker; an error is.
self.onmessage = ({ data }) =>
  void prepareShipment(data).then((prepared) => self.postMessage(prepared), reportError);
