import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import type { JsonSchemaType, JsonSchemaValidator, jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation';

const ajv = new AjvJsonSchemaValidator();
const compiled = new Map<string, JsonSchemaValidator<unknown>>();

/**
 * Compiles each schema once in the life of the process. A turn has a server and a client of its own, and each would compile
 * the schemas of all tools anew: milliseconds, and code that the engine keeps. Schemas are as many as tools, and never change.
 */
export const schemaValidators: jsonSchemaValidator = {
  getValidator<T>(schema: JsonSchemaType) {
    const key = JSON.stringify(schema);
    const validator = compiled.get(key) ?? ajv.getValidator(schema);
    compiled.set(key, validator);
    return validator as JsonSchemaValidator<T>;
  },
};
