import type { Client } from './client.ts';

/** Waits until the one session is this client's. */
export async function hold(client: Client): Promise<void> {
  client.release ??= await client.options.backend.acquire();
  client.hasWorked = true;
}

export function giveBack(client: Client): void {
  client.release?.();
  client.release = undefined;
}

/** `DISCARD ALL`, but for the prepared statements of the other clients. */
export async function cleanUp(client: Client): Promise<void> {
  await hold(client);
  const { run } = client.options.backend;
  if (client.status !== 'I') await run('ROLLBACK');
  for (const name of client.units.preparedNames()) await run(`DEALLOCATE "${name.replaceAll('"', '""')}"`);
  for (const sql of ['CLOSE ALL', 'RESET ALL', 'SELECT pg_advisory_unlock_all()', 'DISCARD TEMP']) await run(sql);
  giveBack(client);
}
