import type { OpenApi } from '../contracts.ts';
import { corrections, type Correction } from './corrections.ts';
import type { DocumentedVendor } from './exchanges.ts';

type Node = Record<string, unknown>;

/** The document as the vendor really is. @throws {TypeError} where a correction is about nothing, or corrects nothing. */
export function withCorrections(vendor: DocumentedVendor, document: OpenApi, list = corrections): OpenApi {
  const corrected = structuredClone(document) as unknown as { paths: Node; components: { schemas: Node } };
  for (const correction of list.filter((one) => one.vendor === vendor)) {
    for (const name of correction.schemas ?? []) correctSchema(corrected.components.schemas[name], name, correction);
    if (correction.answer) correctAnswer(corrected.paths, correction.answer, correction.becomes);
  }
  return corrected as unknown as OpenApi;
}

function correctSchema(schema: unknown, name: string, correction: Correction): void {
  const { optional = [], nullable = [], properties = {}, added = {} } = correction;
  const part = ownPart(schema);
  if (!part) throw new TypeError(`There is no ${name} to correct`);
  const { required = [], properties: own } = part;
  if (Object.keys(added).some((property) => property in own)) throw new TypeError(`${name} has what was to be added`);
  for (const property of [...optional, ...nullable, ...Object.keys(properties)]) {
    if (!(property in own)) throw new TypeError(`${name} has no ${property} to correct`);
  }
  for (const property of nullable) own[property] = { anyOf: [own[property], { type: 'null' }] };
  Object.assign(own, properties, added);
  part.required = required.filter((property) => !optional.includes(property));
}

interface SchemaPart {
  required?: string[];
  properties: Node;
}

/** The part of a schema that has its own properties. */
function ownPart(schema: unknown): SchemaPart | undefined {
  const { allOf = [], properties } = (schema ?? {}) as { allOf?: unknown[]; properties?: Node };
  return properties ? (schema as SchemaPart) : allOf.map(ownPart).find((part) => part !== undefined);
}

function correctAnswer(paths: Node, { operation, status }: NonNullable<Correction['answer']>, becomes: unknown): void {
  const [method = '', path = ''] = operation.split(' ');
  const responses = (paths[path] as Record<string, { responses: Node }> | undefined)?.[method.toLowerCase()]?.responses;
  if (responses?.[status] === undefined) throw new TypeError(`${operation} has no ${status} to correct`);
  responses[status] = becomes === undefined ? {} : { content: { 'application/json': { schema: becomes } } };
}

/** `required: true` on single properties, which JSON Schema does not know, and choices of texts that are called objects. */
export function withoutContradictions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutContradictions);
  if (typeof value !== 'object' || value === null) return value;
  // Of parameters and bodies `required: true` is right.
  const isSchema = !('in' in value) && !('content' in value);
  const isChoice = 'enum' in value && 'type' in value && value.type === 'object';
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !isSchema || key !== 'required' || typeof inner !== 'boolean')
      .map(([key, inner]) => [
        key,
        isChoice && key === 'type' && isOfTexts(value.enum) ? 'string' : withoutContradictions(inner),
      ]),
  );
}

const isOfTexts = (choices: unknown): boolean => Array.isArray(choices) && choices.every((one) => typeof one === 'string');
