import { isObject, type JsonSchema } from '../wire/strict-schema.ts';
import { validatorOf } from '../wire/validate.ts';
import { propertiesOf, type Property } from './schema.ts';
import { slotOf, type SlotKind } from './slots.ts';
import type { FillContext, SlotValue } from './slot-values/slot-reader.ts';
import { valueFor } from './slot-values/value-for.ts';

export interface Missing {
  readonly slot: SlotKind;
  readonly property: string;
  /** What exactly is missing of it: `day`, `time`, or the name of a person without an address. */
  readonly detail?: string;
}

export interface Filled {
  readonly arguments: Record<string, unknown>;
  readonly missing: readonly Missing[];
}

/** Fills the arguments of a tool from its schema alone: nothing that the schema does not have. */
export function fillArguments(parameters: JsonSchema, context: FillContext): Filled {
  const filled = fillObject(parameters, parameters, context);
  if (filled.missing.length > 0) return filled;
  const validate = validatorOf(parameters);
  if (!validate || validate(filled.arguments)) return filled;
  const property = validate.errors?.[0]?.instancePath.split('/')[1] ?? '';
  return { ...filled, missing: [{ slot: 'other', property }] };
}

function fillObject(schema: JsonSchema, root: JsonSchema, context: FillContext): Filled {
  const filled: Record<string, unknown> = {};
  const missing: Missing[] = [];
  for (const property of propertiesOf(schema, root)) {
    const slot = slotOf(property);
    const value = valueFor(slot, property, context) ?? nested(slot, property, { root, context });
    if (value && 'value' in value) {
      filled[property.name] = value.value;
    } else if (value && (property.required || value.missing !== true)) {
      missing.push({ slot, property: property.name, ...(value.missing === true ? {} : { detail: value.missing }) });
    } else if (property.required && property.nullable) {
      filled[property.name] = null;
    } else if (property.required && 'default' in property.schema) {
      filled[property.name] = property.schema.default;
    } else if (property.required) {
      missing.push({ slot, property: property.name });
    }
  }
  return { arguments: filled, missing };
}

/** An object that is no slot itself is filled by its own properties: `{event: {subject, start, end}}`. */
function nested(slot: SlotKind, property: Property, { root, context }: { root: JsonSchema; context: FillContext }): SlotValue {
  if (!isObject(property.schema.properties) || slot === 'range') return undefined;
  const inner = fillObject(property.schema, root, context);
  const [first] = inner.missing;
  if (first) return property.required ? { missing: first.detail ?? first.property } : undefined;
  return Object.keys(inner.arguments).length > 0 || property.required ? { value: inner.arguments } : undefined;
}
