import { z } from 'zod';
import { createWahaMessenger } from '../../shared/adapters/waha/messenger.ts';
import { seedCalendars } from '../../sandbox/seed/calendars.ts';
import { never, startGraph } from '../adapters/msgraph/start.ts';
import { request, start as startModel } from '../adapters/openai/start-model.ts';
import { emailOf } from '../sandbox/msgraph/start.ts';
import { whoAmI } from '../sandbox/openai/support.ts';
import { ana, apiKey, startWaha } from '../sandbox/waha/support.ts';

const chatId = `${ana.lid}@lid`;

/** Asks each vendor whatever our adapters can ask of it, and has WAHA post what it posts. */
export async function useEveryAdapter(): Promise<void> {
  for (const engine of ['GOWS', 'NOWEB'] as const) await useWaha(engine);
  await useMsgraph();
  await useOpenai();
}

async function useWaha(engine: 'GOWS' | 'NOWEB'): Promise<void> {
  const { waha, baseUrl, receiver } = await startWaha({ engine, webhook: { events: ['*'] } });
  const messenger = createWahaMessenger({ baseUrl, apiKey, wahaSession: 'default', timeoutMs: 2_000, fetch });
  const id = '3EB0A1B2C3D4E5F60718A9';
  waha.receive({ from: ana.phone, text: 'What is next?' });
  await messenger.markRead(chatId);
  await messenger.setTyping(chatId, true);
  await messenger.setTyping(chatId, false);
  await messenger.hasMessage(chatId, id);
  await messenger.sendText({ id, chatId, text: 'Nothing – 100 % free', linkPreview: false });
  await messenger.sendText({ id, chatId, text: 'Nothing – 100 % free', linkPreview: true });
  await messenger.hasMessage(chatId, id);
  await messenger.lookUpIdentity({ lid: ana.lid });
  await messenger.lookUpIdentity({ phone: '+15559999999' });
  await messenger.listIncoming({ sinceMs: Date.now() - 60_000, untilMs: Date.now(), limit: 10, offset: 0 });
  await messenger.status();
  await receiver.arrived(1, 'message.ack');
  const locked = createWahaMessenger({ baseUrl, apiKey: 'wrong', wahaSession: 'default', timeoutMs: 2_000, fetch });
  await locked.status().catch(() => undefined);
}

async function useMsgraph(): Promise<void> {
  const { calendar, directory, msgraph } = await startGraph({ seed: seedCalendars });
  const range = { start: '2026-11-20T00:00:00Z', end: '2026-12-24T00:00:00Z', timeZone: 'Europe/Lisbon' };
  await directory.loadProfile('ana');
  await directory.findByEmail('ana', emailOf('ben'));
  await directory.findByEmail('ana', 'nobody@alderfinch.example');
  await directory.sendMailToSelf('ana', { subject: 'Linked', text: 'It is.', to: emailOf('ana') }).perform('key', never);
  await calendar.listEvents('ana', { ...range, limit: 3 });
  await calendar.listEvents('ana', { ...range, limit: 200 });
  const event = { subject: 'Sync', start: '2026-12-01T15:00:00', end: '2026-12-01T15:30:00', timeZone: 'Europe/Lisbon' };
  const write = calendar.createEvent('ana', { ...event, attendees: [emailOf('ben')] });
  await write.perform('key', never);
  await write.perform('key', never);
  const backwards = calendar.createEvent('ana', { ...event, end: '2026-12-01T14:00:00', attendees: [] });
  await backwards.perform('other key', never).catch(() => undefined);
  msgraph.mailbox(emailOf('ana'));
}

async function useOpenai(): Promise<void> {
  const { model, openai } = await startModel();
  const tools = [{ name: whoAmI.name, description: whoAmI.description ?? '', parameters: whoAmI.parameters ?? {} }];
  await model.answer(request);
  await model.answer({
    ...request,
    tools,
    items: [
      { kind: 'user', text: 'Who am I?' },
      { kind: 'call', callId: 'call_1', name: whoAmI.name, arguments: '{}' },
      { kind: 'result', callId: 'call_1', output: '{"name":"Ana"}' },
      { kind: 'assistant', text: 'You are Ana.' },
      { kind: 'user', text: 'Who am I?' },
    ],
  });
  openai.script([{ response: { output: [{ type: 'message', content: '{"intent":"greeting"}' }] } }]);
  await model.structured({ instructions: 'i', text: 'Hello', name: 'intent', schema: z.object({ intent: z.string() }) });
}
