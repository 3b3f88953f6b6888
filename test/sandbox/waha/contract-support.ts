import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsDirectory, loadContract, type Contract, type OpenApi } from '../../support/contracts.ts';
import { withoutContradictions } from '../../support/witness/correct-document.ts';
import type { Envelope } from './support.ts';

const read = (file: string): unknown => JSON.parse(readFileSync(join(contractsDirectory ?? '', file), 'utf8'));

/** WAHA's document, mended where it contradicts itself. */
export const loadWahaContract = (): Contract =>
  loadContract('waha.openapi.json', (document) => withoutContradictions(document) as OpenApi);

/** The bodies of the webhooks that a real WAHA sent. */
export function capturedWebhooks(): Envelope[] {
  return (read('waha-captured-webhooks.json') as { captures: { bodyJson: Envelope }[] }).captures.map(({ bodyJson }) => bodyJson);
}

/** What a real WAHA answered. */
export function restSample(name: string): { status: number; body: unknown } {
  const { samples } = read('waha-rest-samples.json') as {
    samples: { name: string; response: { status: number; body: unknown } }[];
  };
  const sample = samples.find((one) => one.name === name);
  if (!sample) throw new Error(`No sample of '${name}'`);
  return { status: sample.response.status, body: sample.response.body };
}

/** Every path in a value with the kind of what is there: two values of one shape have the same. */
export function shapeOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((one) => shapeOf(one, `${path}[]`)))].sort();
  if (typeof value !== 'object' || value === null) return [`${path}: ${value === null ? 'null' : typeof value}`];
  return Object.entries(value)
    .flatMap(([key, inner]) => shapeOf(inner, `${path}.${key}`))
    .sort();
}

/** WAHA writes null where its document knows only absence. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}

/** The schema of a webhook, by the name of its event. */
export function webhookSchema({ document }: Contract, event: string): string {
  const { webhooks } = document as unknown as {
    webhooks: Record<string, { post: { requestBody: { content: { 'application/json': { schema: { $ref: string } } } } } }>;
  };
  return webhooks[event]?.post.requestBody.content['application/json'].schema.$ref.split('/').at(-1) ?? '';
}

export const problemsOf = (contract: Contract, { schema, value }: { schema: string; value: unknown }): string[] =>
  contract.problems(schema, withoutNulls(value)).filter((problem, index, all) => all.indexOf(problem) === index);
