import { badRequest } from './errors.ts';
import type { Json } from './json.ts';

export function parseBody(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    throw badRequest('The request payload is invalid. Ensure to provide a valid request payload.');
  }
}
