import { z } from 'zod';
import { badRequest } from './errors.ts';
import { isObject, propertyOf, type Json, type JsonObject, type Value } from './json.ts';

const Path = z.string().regex(/^\/./);
const value = z.json();
const PatchOperation = z.discriminatedUnion('op', [
  z.object({ op: z.enum(['add', 'set', 'replace']), path: Path, value }),
  z.object({ op: z.literal('incr'), path: Path, value: z.number() }),
  z.object({ op: z.literal('remove'), path: Path }),
  z.object({ op: z.literal('move'), path: Path, from: Path }),
]);
export type PatchOperation = z.infer<typeof PatchOperation>;

/** The body of a PATCH: a list of operations, or that with a condition. */
const PatchBody = z.union([
  z.array(PatchOperation).transform((operations) => ({ operations, condition: undefined })),
  z.object({ operations: z.array(PatchOperation), condition: z.string().optional() }),
]);

const maxOperations = 10;
const unchangeable = ['id', '_rid', '_self', '_etag', '_ts', '_attachments'];

export function parsePatch(body: Value, partitionKeyPath: readonly string[]) {
  const parsed = PatchBody.safeParse(body);
  if (!parsed.success) throw badRequest(`Invalid patch request: ${z.prettifyError(parsed.error)}`);
  const { operations, condition } = parsed.data;
  if (operations.length === 0) throw badRequest('The patch request has no operations.');
  if (operations.length > maxOperations) {
    throw badRequest(`The number of patch operations can't exceed '${maxOperations}'.`);
  }
  for (const operation of operations) assertChangeable(operation, partitionKeyPath);
  return { operations, condition };
}

function assertChangeable(operation: PatchOperation, partitionKeyPath: readonly string[]): void {
  for (const path of operation.op === 'move' ? [operation.path, operation.from] : [operation.path]) {
    const segments = segmentsOf(path);
    if (unchangeable.includes(segments[0] ?? '') || partitionKeyPath.every((name, index) => segments[index] === name)) {
      throw badRequest(`Cannot patch the system property or the partition key '${path}'.`);
    }
  }
}

const segmentsOf = (path: string) =>
  path
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

/** A copy of the document with the operations applied in order. */
export function applyPatch(document: JsonObject, operations: readonly PatchOperation[]): JsonObject {
  const patched = structuredClone(document);
  operations.forEach((operation, index) => {
    const fail = (reason: string) => badRequest(`For Operation(${index + 1}): ${reason}`);
    apply(patched, operation, fail);
  });
  return patched;
}

type Fail = (reason: string) => Error;

const verbs = { add: 'Add', set: 'Set', replace: 'Replace' } as const;

function apply(document: JsonObject, operation: PatchOperation, fail: Fail): void {
  switch (operation.op) {
    case 'add':
    case 'set':
    case 'replace': {
      write(targetOf(document, operation.path, { verb: verbs[operation.op], fail }), { ...operation, fail });
      return;
    }
    case 'incr': {
      const target = targetOf(document, operation.path, { verb: 'Increment', fail });
      if (target.value !== undefined && typeof target.value !== 'number') {
        throw fail('Increment Operation can only be applied to a number.');
      }
      target.assign((target.value ?? 0) + operation.value);
      return;
    }
    case 'remove':
      return void take(document, operation.path, { verb: 'Remove', fail });
    case 'move': {
      const moved = take(document, operation.from, { verb: 'Move', fail });
      write(targetOf(document, operation.path, { verb: 'Move', fail }), { op: 'add', value: moved, fail });
      return;
    }
  }
}

interface Target {
  readonly value: Value;
  assign(value: Json): void;
  /** Makes room in an array; the same as `assign` on an object. */
  insert(value: Json): void;
  delete(): void;
}

function write(
  target: Target,
  operation: { readonly op: 'add' | 'set' | 'replace'; readonly value: Json; readonly fail: Fail },
): void {
  if (operation.op === 'replace' && target.value === undefined) {
    throw operation.fail('Replace Operation can only replace an existing object.');
  }
  if (operation.op === 'add' || target.value === undefined) target.insert(operation.value);
  else target.assign(operation.value);
}

interface Naming {
  readonly verb: string;
  readonly fail: Fail;
}

function take(document: JsonObject, path: string, naming: Naming): Json {
  const target = targetOf(document, path, naming);
  if (target.value === undefined) throw naming.fail(`${naming.verb} Operation only supports an existing path: '${path}'.`);
  target.delete();
  return target.value;
}

function targetOf(document: JsonObject, path: string, naming: Naming): Target {
  const segments = segmentsOf(path);
  const last = segments.pop() ?? '';
  let parent: Json = document;
  for (const segment of segments) {
    const child: Value = childOf(parent, segment);
    if (typeof child !== 'object' || child === null) throw noPathBeyond(segment, naming);
    parent = child;
  }
  if (Array.isArray(parent)) return elementOf(parent, last, naming);
  return memberOf(parent, last);
}

const noPathBeyond = (segment: string, { verb, fail }: Naming) =>
  fail(
    `${verb} Operation only support adding a leaf node of an existing node(array or object), no path found beyond: '${segment}'`,
  );

function childOf(parent: Json, segment: string): Value {
  if (Array.isArray(parent)) return /^\d+$/.test(segment) ? parent[Number(segment)] : undefined;
  return isObject(parent) ? propertyOf(parent, segment) : undefined;
}

function memberOf(parent: JsonObject, name: string): Target {
  const assign = (changed: Json) =>
    void Object.defineProperty(parent, name, { value: changed, enumerable: true, configurable: true, writable: true });
  return { value: propertyOf(parent, name), assign, insert: assign, delete: () => void Reflect.deleteProperty(parent, name) };
}

function elementOf(parent: Json[], segment: string, { verb, fail }: Naming): Target {
  const index = segment === '-' ? parent.length : Number(segment);
  if (!/^(\d+|-)$/.test(segment) || index > parent.length) {
    throw fail(`${verb} Operation: '${segment}' is no index of an array of ${parent.length}.`);
  }
  return {
    value: parent[index],
    assign: (changed) => void (parent[index] = changed),
    insert: (added) => void parent.splice(index, 0, added),
    delete: () => void parent.splice(index, 1),
  };
}
