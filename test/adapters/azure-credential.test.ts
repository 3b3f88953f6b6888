import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, vi } from 'vitest';
import { createAzureCredential } from '../../shared/adapters/azure-credential.ts';
import { createManagedIdentityAssertion } from '../../shared/adapters/entra/managed-identity.ts';
import { verifies } from '../verifies.ts';

const clientId = '00000000-0000-4000-8000-0000000000d1';
const timeout = { code: 'timeout', retryable: true, vendor: 'entra' };

/** The identity endpoint of a function app, which takes every request and answers none; how many hang there. */
async function startSilentIdentity(): Promise<() => Promise<number>> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    vi.unstubAllEnvs();
  });
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'header');
  return () =>
    new Promise((resolve, reject) => {
      server.getConnections((error, count) => {
        if (error) reject(error);
        else resolve(count);
      });
    });
}

verifies('adapters:identity-timeout', 'a token that never comes is given up in our time, again and again', async () => {
  await startSilentIdentity();
  const credential = createAzureCredential(clientId, { timeoutMs: 1_000 });
  await import('@azure/identity'); // loading it takes longer than this limit on a busy machine

  const [one, two] = await Promise.allSettled([
    credential.getToken('https://cosmos.azure.com/.default'),
    credential.getToken('https://servicebus.azure.net/.default'),
  ]);
  const again = credential.getToken('https://cosmos.azure.com/.default');

  for (const { reason } of [one, two] as PromiseRejectedResult[]) expect(reason).toMatchObject(timeout);
  await expect(again).rejects.toMatchObject(timeout);
});

verifies('adapters:identity-timeout', 'who gives up before that is heard at once', async () => {
  await startSilentIdentity();
  const credential = createAzureCredential(clientId, { timeoutMs: 60_000 });
  await import('@azure/identity');
  const caller = new AbortController();

  const asked = credential.getToken('https://cosmos.azure.com/.default', { abortSignal: caller.signal });
  caller.abort();

  await expect(asked).rejects.toThrow(/abort/i);
});

verifies(
  'adapters:identity-timeout',
  'the assertion in place of a secret is given up in our time, and nothing hangs on',
  async () => {
    const hanging = await startSilentIdentity();
    const assertion = createManagedIdentityAssertion({ clientId, timeoutMs: 300 });

    await expect(assertion()).rejects.toMatchObject(timeout);

    await expect.poll(hanging, { timeout: 3_000 }).toBe(0);
  },
);
