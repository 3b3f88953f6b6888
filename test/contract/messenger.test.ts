import { expect } from 'vitest';
import { z } from 'zod';
import { createWahaMessenger } from '../../shared/adapters/waha/messenger.ts';
import type { Messenger } from '../../shared/ports/messenger.ts';
import { ana, apiKey, startWaha } from '../sandbox/waha/support.ts';
import { createFakeMessenger } from '../support/fakes/fake-messenger.ts';
import { verifies } from '../verifies.ts';

interface Started {
  readonly messenger: Messenger;
  /** The texts that Ana's phone shows, from us. */
  readonly shown: () => string[];
  /** Ana writes that. */
  readonly arrive: (text: string) => void;
}

async function startAdapter(engine: 'GOWS' | 'NOWEB'): Promise<Started> {
  const { waha, baseUrl } = await startWaha({ engine });
  const messenger = createWahaMessenger({ baseUrl, apiKey, wahaSession: 'default', timeoutMs: 2_000, fetch });
  const shown = () =>
    waha
      .chat(ana.phone)
      .filter(({ fromMe }) => !fromMe)
      .map(({ text }) => text);
  return { messenger, shown, arrive: (text) => void waha.receive({ from: ana.phone, text }) };
}

const implementations: Readonly<Record<string, () => Promise<Started>>> = {
  memory: () => {
    const messenger = createFakeMessenger();
    messenger.pairs.set(ana.lid, ana.phone);
    const arrive = (text: string) => void messenger.incoming.push({ body: text, fromMe: false });
    return Promise.resolve({ messenger, shown: () => messenger.shown.map(({ text }) => text), arrive });
  },
  'waha with GOWS': () => startAdapter('GOWS'),
  'waha with NOWEB': () => startAdapter('NOWEB'),
};

const chatId = `${ana.lid}@lid`;
const id = '3EB0A1B2C3D4E5F60718A9';

for (const [name, start] of Object.entries(implementations)) {
  verifies('adapters:messenger', `${name}: what is sent is shown, and found by the id we gave it`, async () => {
    const { messenger, shown } = await start();

    const before = await messenger.hasMessage(chatId, id);
    await messenger.sendText({ id, chatId, text: 'You are free tomorrow – 100 % ✓', linkPreview: false });

    expect(before).toBe(false);
    expect(shown()).toEqual(['You are free tomorrow – 100 % ✓']);
    expect(await messenger.hasMessage(chatId, id)).toBe(true);
    expect(await messenger.hasMessage(chatId, '3EB000000000000000000')).toBe(false);
  });

  verifies('adapters:messenger', `${name}: the other name of a chat, where it is known`, async () => {
    const { messenger } = await start();

    const names = [
      await messenger.lookUpIdentity({ lid: ana.lid }),
      await messenger.lookUpIdentity({ phone: ana.phone }),
      await messenger.lookUpIdentity({ lid: '999999999999999' }),
      await messenger.lookUpIdentity({ phone: '+15559999999' }),
    ];

    expect(names).toEqual([ana.phone, ana.lid, undefined, undefined]);
  });

  verifies('adapters:messenger', `${name}: tells its version and state, and whether it keeps our ids`, async () => {
    const { messenger } = await start();

    const status = await messenger.status();

    expect(status).toMatchObject({ state: 'WORKING', keepsIds: true });
    expect(z.object({ version: z.string(), engine: z.enum(['GOWS', 'NOWEB']) }).safeParse(status).success).toBe(true);
  });

  verifies('adapters:messenger', `${name}: typing and read are shown without a word`, async () => {
    const { messenger, shown } = await start();

    await messenger.markRead(chatId);
    await messenger.setTyping(chatId, true);
    await messenger.setTyping(chatId, false);

    expect(shown()).toEqual([]);
  });

  verifies('adapters:messenger', `${name}: what came in is listed page by page, without what we sent`, async () => {
    const { messenger, arrive } = await start();
    const page = async (limit: number, offset: number) => {
      const listed = await messenger.listIncoming({ sinceMs: Date.now() - 60_000, untilMs: Date.now(), limit, offset });
      return listed.map((payload) => z.object({ body: z.string(), fromMe: z.literal(false) }).parse(payload).body);
    };
    for (const text of ['one', 'two', 'three']) arrive(text);
    await messenger.sendText({ id, chatId, text: 'ours', linkPreview: false });

    const [all, first, second, third] = [await page(10, 0), await page(2, 0), await page(2, 2), await page(2, 4)];

    expect(all.sort()).toEqual(['one', 'three', 'two']);
    expect([first.length, second.length, third]).toEqual([2, 1, []]);
    expect([...first, ...second].sort()).toEqual(all);
  });
}
