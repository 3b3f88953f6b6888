import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { omit } from '../omit.ts';
import type { JsonSchema } from './strict-schema.ts';

// Building a check takes ten milliseconds and more; the same few schemas come with every request.
const maxKept = 500;
const kept = new Map<string, ValidateFunction | undefined>();

/** A check of values against one JSON schema; undefined where the schema itself is broken. */
export function validatorOf(schema: JsonSchema): ValidateFunction | undefined {
  const key = JSON.stringify(schema);
  if (kept.has(key)) return kept.get(key);
  if (kept.size >= maxKept) kept.clear();
  const built = build(schema);
  kept.set(key, built);
  return built;
}

function build(schema: JsonSchema): ValidateFunction | undefined {
  // A fresh instance each time: two tools may use one `$id`.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true, logger: false });
  ajvFormats.default(ajv);
  try {
    return ajv.compile(omit(schema, '$schema'));
  } catch {
    return undefined;
  }
}
