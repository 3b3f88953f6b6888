import { expect } from 'vitest';
import { createCosmosPause } from '../../shared/adapters/cosmos/pause.ts';
import type { Pause } from '../../shared/ports/pause.ts';
import { startCosmos } from '../support/cosmos.ts';
import { createFakePause } from '../support/fakes/fake-pause.ts';
import { verifies } from '../verifies.ts';

const implementations: Readonly<Record<string, () => Promise<Pause>>> = {
  memory: () => Promise.resolve(createFakePause()),
  cosmos: async () => {
    const { cosmos } = await startCosmos({ containers: [{ name: 'settings', partitionKey: '/workspace' }] });
    return createCosmosPause(cosmos, 'acme');
  },
};

const pause = (key: string, by = 'acme:ana', at = 1_000) => ({ paused: true, by, at, key });
const resume = (key: string, at = 2_000) => ({ paused: false, by: 'acme:ben', at, key });

for (const [name, start] of Object.entries(implementations)) {
  verifies('conversation:pause', `${name}: nothing is paused at first; then it is, by whom and since when`, async () => {
    const port = await start();

    const before = await port.load();
    const changed = await port.change(pause('k1'));
    const during = await port.load();
    await port.change(resume('k2'));

    const state = { paused: true, by: 'acme:ana', at: 1_000 };
    expect(before).toEqual({ paused: false, by: undefined, at: undefined });
    expect([changed, during]).toEqual([{ state, changed: true }, state]);
    expect(await port.load()).toEqual({ paused: false, by: 'acme:ben', at: 2_000 });
  });

  verifies('conversation:pause', `${name}: who pauses what is paused takes nobody's place`, async () => {
    const port = await start();
    await port.change(pause('k1'));

    const second = await port.change(pause('k2', 'acme:eva', 1_500));

    expect(second).toEqual({ state: { paused: true, by: 'acme:ana', at: 1_000 }, changed: false });
  });

  verifies('conversation:pause', `${name}: a key that comes late again undoes nothing that was said since`, async () => {
    const port = await start();
    await port.change(pause('k1'));
    await port.change(resume('k2'));

    const again = [await port.change(pause('k1')), await port.change(resume('k2'))];

    expect(again.map(({ changed, state }) => [changed, state.paused])).toEqual([
      [true, false],
      [true, false],
    ]);
    expect(await port.load()).toMatchObject({ paused: false });
  });

  verifies('conversation:pause', `${name}: of many at once each counts, and one changes it; nobody needs a chat`, async () => {
    const port = await start();

    const all = await Promise.all(['k1', 'k2', 'k3'].map((key) => port.change({ ...pause(key), by: undefined })));

    expect(all.filter(({ changed }) => changed)).toHaveLength(1);
    expect(await port.load()).toEqual({ paused: true, by: undefined, at: 1_000 });
  });
}
