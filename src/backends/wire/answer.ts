/**
 * A backend's JSON answer, checked for its shape: backends are not trusted.
 * In: a body and a schema. Out: what the schema makes of it. Refuses: what is no JSON or of another shape.
 */
import * as v from 'valibot';
import { fail, makeFailure, type Result, succeed } from '../../base/index.ts';

export function parseAnswer<T>(
  body: Uint8Array,
  schema: v.GenericSchema<unknown, T>,
  subject: string,
): Result<T> {
  try {
    const parsed = v.safeParse(schema, JSON.parse(new TextDecoder().decode(body)));
    if (parsed.success) return succeed(parsed.output);
    const [issue] = parsed.issues;
    const detail = `${v.getDotPath(issue) ?? 'the answer'}: ${issue.message}`;
    return fail(makeFailure('backend-answer-odd', { subject, detail }));
  } catch (error) {
    return fail(makeFailure('backend-answer-odd', { subject, detail: String(error) }));
  }
}
