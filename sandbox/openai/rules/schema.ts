import { omit } from '../omit.ts';
import { isObject, type JsonSchema } from '../wire/strict-schema.ts';

/** One property of a tool's arguments, with its references followed and its `null` told apart. */
export interface Property {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly nullable: boolean;
  readonly description: string;
}

export function propertiesOf(schema: JsonSchema, root: JsonSchema): Property[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(isObject(schema.properties) ? schema.properties : {}).map(([name, raw]) => {
    const { schema: own, nullable } = unwrap(raw, root);
    const described = [isObject(raw) ? raw.description : undefined, own.description].find((text) => typeof text === 'string');
    return {
      name,
      schema: own,
      required: required.includes(name),
      nullable,
      description: typeof described === 'string' ? described : '',
    };
  });
}

/** Follows `$ref`, and takes `null` out of `anyOf` and of a list of types. */
export function unwrap(raw: unknown, root: JsonSchema): { schema: JsonSchema; nullable: boolean } {
  let schema: JsonSchema = isObject(raw) ? raw : {};
  let nullable = false;
  for (let step = 0; step < 10; step += 1) {
    if (typeof schema.$ref === 'string') {
      const target = lookUp(schema.$ref, root);
      schema = { ...target, ...omit(schema, '$ref') };
      continue;
    }
    const choices = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(choices)) {
      const others = choices.filter((choice) => !(isObject(choice) && choice.type === 'null'));
      nullable ||= others.length < choices.length;
      schema = { ...omit(schema, 'anyOf', 'oneOf'), ...(isObject(others[0]) ? others[0] : {}) };
      continue;
    }
    break;
  }
  if (Array.isArray(schema.type)) {
    nullable ||= schema.type.includes('null');
    schema = { ...schema, type: (schema.type as unknown[]).find((type) => type !== 'null') };
  }
  return { schema, nullable };
}

function lookUp(reference: string, root: JsonSchema): JsonSchema {
  const steps = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  const found = steps.reduce<unknown>((node, step) => (isObject(node) ? node[decodeURIComponent(step)] : undefined), root);
  return isObject(found) ? found : {};
}
