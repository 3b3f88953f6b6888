import type { OpenApi } from '../contracts.ts';
import { at, resolve, type Place } from './vendor-document.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: unknown;
  readonly enum?: unknown;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
}

/**
 * Properties that the document does not know, by their paths. A validator lets them pass, where a vendor drops or refuses
 * them: a misspelt name would be lost in silence.
 */
export function unknownProperties(document: OpenApi, place: Place, value: unknown): string[] {
  const root = document as unknown as Readonly<Record<string, unknown>>;
  const parts = (schema: Schema, depth = 0): Schema[] => {
    if (depth > 20) return [];
    if (schema.$ref !== undefined) {
      const target = resolve(root, schema.$ref.slice('#/'.length).split('/'));
      return target ? parts(at(root, target) as Schema, depth + 1) : [];
    }
    const inner = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
    return [schema, ...inner.flatMap((one) => parts(one, depth + 1))];
  };
  const walk = (schemas: readonly Schema[], found: unknown, path: string): string[] => {
    const all = schemas.flatMap((schema) => parts(schema));
    if (Array.isArray(found)) {
      const items = all.flatMap(({ items: one }) => (one ? [one] : []));
      return items.length === 0 ? [] : found.flatMap((one, index) => walk(items, one, `${path}/${index}`));
    }
    if (typeof found !== 'object' || found === null || isOpen(all)) return [];
    return Object.entries(found).flatMap(([name, inner]) => {
      // OData's own notes stand beside any property.
      if (name.includes('@')) return [];
      const known = all.flatMap(({ properties }) => (properties?.[name] ? [properties[name]] : []));
      return known.length === 0 ? [`${path}/${name}`] : walk(known, inner, `${path}/${name}`);
    });
  };
  const schema = at(root, place);
  return schema === undefined ? [] : walk([schema as Schema], value, '');
}

/**
 * Whether anything may stand in it: a map, which names no property. Types that name some and let extensions add others
 * (Graph's open types) are taken at their word: neither we nor the stand-ins have extensions.
 */
function isOpen(schemas: readonly Schema[]): boolean {
  const isMap = ({ type, enum: choices, properties, additionalProperties, ...rest }: Schema) => {
    if (properties) return false;
    const isAnyObject = type === 'object' && !choices && !rest.allOf && !rest.anyOf && !rest.oneOf;
    return isAnyObject || (additionalProperties !== undefined && additionalProperties !== false);
  };
  return schemas.some(isMap) || !schemas.some(({ properties }) => properties !== undefined);
}
