/**
 * All that is shown before something is sent: the plan, what would leave by it, and what is left out.
 * In: cargo, a destination, the time. Out: a {@link PreparedShipment}; refuses as planShipment does. Takes up to seconds for
 * a long trace: the panel has it done in a worker.
 */
import { type Result, succeed } from '../base/index.ts';
import type { Cargo, Destination } from './contract.ts';
import { type PlanOptions, planShipment, type ShipmentPlan } from './plan.ts';
import { type ParcelPreview, previewShipment } from './preview.ts';
import { type RedactionReport, reportRedaction } from './redaction-report.ts';

export interface PrepareQuestion extends PlanOptions {
  readonly cargo: Cargo;
  readonly destination: Destination;
}

export interface PreparedShipment {
  readonly plan: ShipmentPlan;
  readonly previews: readonly ParcelPreview[];
  readonly redaction: RedactionReport;
}

export async function prepareShipment(question: PrepareQuestion): Promise<Result<PreparedShipment>> {
  const { cargo, destination, now, age } = question;
  const plan = await planShipment(cargo, destination, { now, age });
  if (!plan.ok) return plan;
  return succeed({
    plan: plan.value,
    previews: previewShipment(plan.value, destination),
    redaction: reportRedaction(cargo, destination.redaction),
  });
}
