import { expect } from 'vitest';
import { systemClock, systemIds } from '../../shared/adapters/system/clock.ts';
import type { Clock, Ids } from '../../shared/ports/clock.ts';
import { createFakeClock, impatient } from '../support/fakes/fake-clock.ts';
import { createFakeIds } from '../support/fakes/fake-ids.ts';
import { verifies } from '../verifies.ts';

interface Started {
  readonly clock: Clock;
  /** Lets so much time go by. */
  readonly pass: (milliseconds: number) => Promise<void>;
}

const real = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds + 5));
const clocks: Readonly<Record<string, () => Started>> = {
  memory: () => {
    const clock = createFakeClock();
    const pass = (milliseconds: number) => {
      clock.advance(milliseconds);
      return Promise.resolve();
    };
    return { clock, pass };
  },
  system: () => ({ clock: systemClock, pass: real }),
};

for (const [name, start] of Object.entries(clocks)) {
  verifies('adapters:clock', `${name}: who sleeps goes on when the time has passed, the shorter sleep first`, async () => {
    const { clock, pass } = start();
    const woken: string[] = [];
    const begun = clock.now();

    const sleeps = [clock.sleep(40).then(() => woken.push('long')), clock.sleep(20).then(() => woken.push('short'))];
    await clock.sleep(0);
    const before = [...woken];
    await pass(40);
    await Promise.all(sleeps);

    expect([before, woken]).toEqual([[], ['short', 'long']]);
    expect(clock.now() - begun).toBeGreaterThanOrEqual(40);
  });

  verifies(
    'adapters:clock',
    `${name}: a sleep ends with the reason for which it is aborted, at once if it was before`,
    async () => {
      const { clock } = start();
      const controller = new AbortController();

      const sleep = clock.sleep(60_000, controller.signal);
      controller.abort(new Error('enough'));

      await expect(sleep).rejects.toThrow('enough');
      await expect(clock.sleep(60_000, controller.signal)).rejects.toThrow('enough');
    },
  );
}

verifies('adapters:clock', 'memory: an impatient clock shows the same time and does not wait', async () => {
  const clock = createFakeClock();

  await impatient(clock).sleep(60_000);
  clock.advance(1_000);

  expect(impatient(clock).now()).toBe(clock.now());
});

const allIds: Readonly<Record<string, () => Ids>> = { memory: createFakeIds, system: () => systemIds };

for (const [name, start] of Object.entries(allIds)) {
  verifies('adapters:clock', `${name}: ids are 32 hex digits, secrets as long as asked for, and none comes twice`, () => {
    const ids = start();

    const randoms = Array.from({ length: 100 }, () => ids.random());
    const secrets = Array.from({ length: 100 }, () => ids.secret(24));

    expect(randoms.filter((id) => !/^[0-9a-f]{32}$/.test(id))).toEqual([]);
    expect(secrets.filter((secret) => Buffer.from(secret, 'base64url').length !== 24 || !/^[\w-]+$/.test(secret))).toEqual([]);
    expect([new Set(randoms).size, new Set(secrets).size]).toEqual([100, 100]);
  });

  verifies('adapters:clock', `${name}: a number is a whole one from 0 up to, not including, the bound`, () => {
    const ids = start();

    const numbers = Array.from({ length: 200 }, () => ids.number(3));

    expect(numbers.filter((number) => ![0, 1, 2].includes(number))).toEqual([]);
    expect(ids.number(1)).toBe(0);
  });
}
