/** A JSON schema as it comes in a request; keywords are looked at one by one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @see https://platform.openai.com/docs/guides/structured-outputs#supported-schemas */
const forbidden = [
  'allOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
  'unevaluatedProperties',
  'minProperties',
  'maxProperties',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
  'prefixItems',
];
const formats = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'];
const maxDepth = 10;
const maxProperties = 5_000;
const maxEnumValues = 1_000;

interface Walk {
  properties: number;
  enumValues: number;
}

/** What is wrong with a schema under `strict: true`, in the vendor's words; undefined when nothing is. */
export function strictSchemaFault(schema: JsonSchema): string | undefined {
  if (schema.type !== 'object') return objectFault(schema);
  if (schema.anyOf !== undefined) return "In context=(), 'anyOf' is not permitted at the root level.";
  const walk: Walk = { properties: 0, enumValues: 0 };
  const fault = nodeFault(schema, [], walk);
  if (fault !== undefined) return fault;
  if (walk.properties > maxProperties) return `Expected at most ${maxProperties} properties, but got ${walk.properties}.`;
  if (walk.enumValues > maxEnumValues) return `Expected at most ${maxEnumValues} enum values, but got ${walk.enumValues}.`;
  return undefined;
}

/** A schema that is not strict needs only to be of an object. */
export function objectFault(schema: JsonSchema): string | undefined {
  if (schema.type === 'object') return undefined;
  const type = typeof schema.type === 'string' ? schema.type : 'None';
  return `schema must be a JSON Schema of 'type: "object"', got 'type: "${type}"'.`;
}

function nodeFault(node: unknown, path: readonly string[], walk: Walk): string | undefined {
  if (!isObject(node)) return `${context(path)}schema must be an object.`;
  const keyword = forbidden.find((name) => node[name] !== undefined);
  if (keyword !== undefined) return `${context(path)}'${keyword}' is not permitted.`;
  if (typeof node.format === 'string' && !formats.includes(node.format)) {
    return `${context(path)}'${node.format}' is not a valid format.`;
  }
  if (!['type', 'anyOf', '$ref', 'enum', 'const'].some((name) => node[name] !== undefined)) {
    return `${context(path)}schema must have a 'type' key.`;
  }
  if (Array.isArray(node.enum)) walk.enumValues += node.enum.length;
  return typesOf(node).includes('object')
    ? (objectRule(node, path) ?? childFault(node, path, walk))
    : childFault(node, path, walk);
}

function objectRule(node: JsonSchema, path: readonly string[]): string | undefined {
  if (node.additionalProperties !== false) {
    return `${context(path)}'additionalProperties' is required to be supplied and to be false.`;
  }
  const names = Object.keys(isObject(node.properties) ? node.properties : {});
  const required = Array.isArray(node.required) ? node.required : [];
  const missing = names.find((name) => !required.includes(name));
  if (missing !== undefined) {
    return `${context(path)}'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
  }
  const extra = required.find((name) => !names.includes(String(name))) as string | undefined;
  if (extra !== undefined) return `${context(path)}'required' names '${extra}', which is no property.`;
  const depth = path.filter((step) => step === 'properties').length;
  return depth > maxDepth ? `${context(path)}the schema is nested more than ${maxDepth} levels deep.` : undefined;
}

function childFault(node: JsonSchema, path: readonly string[], walk: Walk): string | undefined {
  const children: [unknown, string[]][] = [];
  for (const group of ['properties', '$defs', 'definitions']) {
    if (!isObject(node[group])) continue;
    for (const [name, child] of Object.entries(node[group])) children.push([child, [group, name]]);
    if (group === 'properties') walk.properties += Object.keys(node[group]).length;
  }
  if (typesOf(node).includes('array')) {
    if (node.items === undefined) return `${context(path)}array schema missing items.`;
    children.push([node.items, ['items']]);
  }
  if (Array.isArray(node.anyOf)) {
    node.anyOf.forEach((child, index) => children.push([child, ['anyOf', String(index)]]));
  }
  for (const [child, steps] of children) {
    const fault = nodeFault(child, [...path, ...steps], walk);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function typesOf({ type }: JsonSchema): unknown[] {
  return Array.isArray(type) ? type : [type];
}

/** `In context=('properties', 'range'), `, as Python shows a tuple. */
function context(path: readonly string[]): string {
  const shown = path.map((step) => `'${step}'`);
  return `In context=(${shown.length === 1 ? `${shown.join()},` : shown.join(', ')}), `;
}
