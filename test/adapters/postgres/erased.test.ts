import { afterAll, beforeAll, expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import type { DataKey } from '../../../shared/ports/data-keys.ts';
import { createTestDataKeys } from '../../support/data-keys.ts';
import { createFakeClock } from '../../support/fakes/fake-clock.ts';
import { postgresForTests, type TestPostgres } from '../../support/postgres.ts';
import { verifies } from '../../verifies.ts';
import { connectCheckpointers, createAskingGraph, createThreadKey, thread } from './support.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await postgresForTests();
});
afterAll(() => postgres.close());

const threadKey = (key: DataKey) => ({
  encrypt: (plain: Uint8Array) => key.sealBytes(plain, 'checkpoint'),
  decrypt: (sealed: Uint8Array) => key.openBytes(sealed, 'checkpoint'),
});

verifies(
  'privacy:checkpoints',
  'are sealed with the key that the erasure drops, and go with the threads of yesterday',
  async () => {
    const dataKeys = createTestDataKeys(createFakeClock());
    const { checkpointerFor, setup, deleteThreadsBefore } = connectCheckpointers(postgres.url);
    await setup();
    const parked = checkpointerFor(threadKey(await dataKeys.keyFor('acme:ana')));
    await createAskingGraph(parked).invoke({ asked: 'coffee' }, thread('parked'));
    const readable = await parked.getTuple(thread('parked'));

    await dataKeys.drop('acme:ana');
    const key = await dataKeys.keyFor('acme:ana').catch((error: unknown) => error);
    const stranger = checkpointerFor(createThreadKey()).getTuple(thread('parked'));

    expect(readable?.checkpoint.channel_values).toMatchObject({ asked: 'coffee' });
    expect(key).toEqual(expect.any(AppError));
    expect(key).toMatchObject({ code: 'gone' });
    await expect(stranger).rejects.toMatchObject({ code: 'not-found' });
    expect(await deleteThreadsBefore(new Date(Date.now() + 1_000), 10)).toBe(1);
    expect(await parked.getTuple(thread('parked'))).toBeUndefined();
  },
);
