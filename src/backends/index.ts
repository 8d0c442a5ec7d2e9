/** The door of backends/: what leaves for profiling and tracing backends, how it gets there, and what they answer. */
export {
  type Backend,
  type DeliveryRule,
  NO_RULE,
  newBackend,
  originPatterns,
} from './book/backend.ts';
export { type BookContents, DestinationBook } from './book/destination-book.ts';
export { explainRule, isMeant } from './book/rule.ts';
export { type Client, openClient } from './client.ts';
export {
  BACKEND_KINDS,
  type BackendKind,
  type Cargo,
  type CargoVital,
  type Credentials,
  type Destination,
  type Labels,
  NO_CREDENTIALS,
  type Parcel,
  type Redaction,
} from './contract.ts';
export { DeliveryDatabase } from './delivery/database.ts';
export {
  type Clock,
  type Delivery,
  type DeliveryState,
  type DeliveryStore,
  WALL_CLOCK,
} from './delivery/delivery.ts';
export { DeliveryQueue, type QueueRoute } from './delivery/queue.ts';
export { DeliveryRunner, type RunnerDoors } from './delivery/runner.ts';
export {
  type Order,
  type Shipment,
  type ShipmentState,
  type ShipmentView,
  shipmentId,
  shipmentOf,
  viewShipments,
} from './delivery/shipment.ts';
export { profileOfFlameGraph } from './flame-graph.ts';
export { deriveTraceIds, findRecordingOfTrace, fingerprint, type TraceIds } from './ids.ts';
export {
  checkLabels,
  checkTags,
  LABEL_RULES,
  type LabelProblem,
  suggestName,
  type TagProblem,
} from './labels.ts';
export * from './links.ts';
export { type BackendSpan, fetchTrace } from './otlp.ts';
export * as parca from './parca.ts';
export { adHocPlace, type Place, placesToLook } from './places.ts';
export { type AgeChoice, planShipment, type ShipmentPlan } from './plan.ts';
export { type PreparedShipment, type PrepareQuestion, prepareShipment } from './prepare.ts';
export { type ParcelPreview, previewShipment } from './preview.ts';
export * as pyroscope from './pyroscope.ts';
export { type Looked, placesOfRecording } from './recording-places.ts';
export { checkPathPattern, DEFAULT_REDACTION, makeCodeRedactor, makeRedactor } from './redaction.ts';
export { type RedactionReport, reportRedaction } from './redaction-report.ts';
export { arrangeServerSpans, type ServerSpan, type ServerSpans } from './server-spans.ts';
export { type ConnectionReport, testConnection } from './test-connection.ts';
export { browserWire, type WhyFailed } from './wire/browser-wire.ts';
export { type Connection, connect } from './wire/connection.ts';
export { DEFAULT_WIRE, type Wire } from './wire/http.ts';
