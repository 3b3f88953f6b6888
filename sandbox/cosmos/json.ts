export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}
/** What an expression yields: Cosmos tells `undefined` (not there) from `null`. */
export type Value = Json | undefined;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An own property, so that `constructor` and its like are not found in a document. */
export const propertyOf = (object: JsonObject, name: string): Value => (Object.hasOwn(object, name) ? object[name] : undefined);
