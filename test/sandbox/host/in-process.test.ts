import { join } from 'node:path';
import { expect } from 'vitest';
import { createFunctionsHost } from '../../../sandbox/host/host.ts';
import { verifies } from '../../verifies.ts';

const root = join(import.meta.dirname, 'apps/http');

verifies('host:in-process', 'starts in the process of its caller, once', async () => {
  const host = await createFunctionsHost({ root, port: 0, environment: {} });

  const answer = await fetch(`http://127.0.0.1:${host.port}/api/items/7`);

  expect(await answer.json()).toMatchObject({ function: 'item', params: { id: '7' } });
  expect(host.functions()).toContainEqual({ name: 'echo', type: 'httpTrigger' });
  expect(host.busy()).toBe(false);
  await host.close();
  await expect(fetch(`http://127.0.0.1:${host.port}/api/items/7`)).rejects.toThrow();
  await expect(createFunctionsHost({ root, port: 0, environment: {} })).rejects.toThrow('a process holds one functions host');
});
