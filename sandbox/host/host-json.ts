import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { parseTimeSpan } from './time-span.ts';

const toMilliseconds = (text: string, context: z.RefinementCtx) => {
  const milliseconds = parseTimeSpan(text);
  if (milliseconds !== undefined) return milliseconds;
  context.addIssue({ code: 'custom', message: `'${text}' is no time span (hh:mm:ss)` });
  return z.NEVER;
};
const TimeSpan = z.string().transform(toMilliseconds);
const Flag = z.union([z.boolean(), z.stringbool()]);
const Count = z.coerce.number().int();

// What would change how messages are taken, and is not played: only its default may stand.
const ServiceBus = z.object({
  prefetchCount: Count.min(0).default(0),
  maxConcurrentCalls: Count.min(1).default(16 * availableParallelism()),
  maxAutoLockRenewalDuration: TimeSpan.prefault('00:05:00'),
  autoCompleteMessages: Flag.default(true),
  transportType: z.string().optional(),
  webProxy: z.string().optional(),
  enableCrossEntityTransactions: Flag.default(false),
  clientRetryOptions: z
    .object({
      mode: z.enum(['fixed', 'exponential']).default('exponential'),
      tryTimeout: TimeSpan.prefault('00:01:00'),
      delay: TimeSpan.prefault('00:00:00.80'),
      maxDelay: TimeSpan.prefault('00:01:00'),
      maxRetries: Count.min(0).default(3),
    })
    .prefault({}),
});

const Queues = z.object({
  maxPollingInterval: TimeSpan.prefault('00:01:00'),
  visibilityTimeout: TimeSpan.prefault('00:00:00'),
  batchSize: Count.min(1).max(32).default(16),
  newBatchThreshold: Count.min(0).optional(),
  maxDequeueCount: Count.min(1).default(5),
  messageEncoding: z.enum(['base64', 'none']).default('base64'),
});

const Timeout = z.string().transform((text, context) => (text === '-1' ? undefined : toMilliseconds(text, context)));

const HostJson = z.object({
  version: z.literal('2.0'),
  // Flex Consumption and Core Tools: half an hour.
  functionTimeout: Timeout.prefault('00:30:00'),
  customHandler: z.undefined({ error: 'custom handlers are not played' }).optional(),
  logging: z.object({ logLevel: z.record(z.string(), z.string()).prefault({}) }).prefault({}),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      serviceBus: ServiceBus.prefault({}),
      queues: Queues.prefault({}),
    })
    .prefault({}),
});

export type HostJson = z.infer<typeof HostJson>;
export type ServiceBusSettings = HostJson['extensions']['serviceBus'];
export type QueueSettings = HostJson['extensions']['queues'];

type Environment = Readonly<Record<string, string | undefined>>;
interface Tree {
  [name: string]: unknown;
}

/** host.json, with what the environment overrides: `AzureFunctionsJobHost__extensions__queues__batchSize=1`. */
export function loadHostJson(root: string, environment: Environment): HostJson {
  const path = join(root, 'host.json');
  const tree = JSON.parse(readFileSync(path, 'utf8')) as Tree;
  for (const [name, value] of Object.entries(environment)) {
    const [prefix, ...names] = name.split(/__|:/);
    if (prefix?.toLowerCase() === 'azurefunctionsjobhost' && value !== undefined) setAt(tree, names, value);
  }
  const parsed = HostJson.safeParse(tree);
  if (!parsed.success) throw new Error(`${path} cannot be used:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function setAt(tree: Tree, names: readonly string[], value: string): void {
  const [first, ...rest] = names;
  if (first === undefined) return;
  const name = Object.keys(tree).find((known) => known.toLowerCase() === first.toLowerCase()) ?? first;
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const child = tree[name];
  const branch = typeof child === 'object' && child !== null ? (child as Tree) : {};
  tree[name] = branch;
  setAt(branch, rest, value);
}
