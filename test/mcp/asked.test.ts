import { expect } from 'vitest';
import { closeApproval } from '../../shared/conversation/approvals.ts';
import { endAnswers, recordAnswer, recordResults } from '../../shared/conversation/calls.ts';
import type { ApprovalDocument, CallResult } from '../../shared/ports/documents.ts';
import { verifies } from '../verifies.ts';
import { ref, invite, startWithChat } from './start-with-chat.ts';

const event = { id: 'e1', subject: 'Dinner', start: 's', end: 'e', timeZone: 'UTC', attendees: ['eva@guest.example'] };

/** Ana was asked about a dinner; the same key again is told what came of it. */
async function startAsked() {
  const chat = await startWithChat();
  const client = await chat.connect('ana');
  const first = await client.callTool(invite('k1'));
  const approval = chat.documents('approval')[0] as ApprovalDocument;
  const record = { turnId: 'yes', n: 0, at: chat.clock.now(), personId: undefined, approved: true };
  const calls = [{ callId: 'approved_0', name: 'calendar_create_event', arguments: '{}' }];
  /** What the turn of her yes writes first. */
  const accept = () =>
    chat.write((lease) => [
      closeApproval(approval, 3_600, 'yes'),
      { kind: 'create', document: recordAnswer(lease, chat.key, { ...record, calls }) },
    ]);
  const end = (status: CallResult['status'], output: object) => {
    const results = [{ callId: 'approved_0', name: 'calendar_create_event', effect: 'write' as const, status }];
    const told = results.map((result) => ({ ...result, output: JSON.stringify(output) }));
    return chat.write(() => [
      ...endAnswers('yes', 1, chat.clock.now()),
      recordResults(chat.key, { turnId: 'yes', n: 0, results: told }),
    ]);
  };
  return { ...chat, first, approval, accept, end, again: () => client.callTool(invite('k1')) };
}

const failed = (code: string) => ({ isError: true, _meta: { 'adjutant/error': { code } } });

verifies('mcp:asked', 'the same key is told that nobody answered yet, that it is being done, and the result', async () => {
  const { first, again, accept, end, calendar, documents } = await startAsked();

  const waiting = await again();
  await accept();
  const underWay = await again();
  await end('done', event);
  const done = await again();

  expect(waiting.structuredContent).toEqual(first.structuredContent);
  expect(underWay).toMatchObject({
    ...failed('lease-lost'),
    content: [{ text: expect.stringContaining('"retryAfterSeconds":5') as string }],
  });
  expect(done).toMatchObject({ structuredContent: event, _meta: { 'adjutant/repeated': true } });
  expect([calendar.booked.size, documents('approval').length]).toEqual([0, 1]);
});

verifies('mcp:asked', 'a no, a yes that failed, and silence are told as such, and nothing is asked again', async () => {
  const [declined, failing, silent] = [await startAsked(), await startAsked(), await startAsked()];
  await declined.write(() => [closeApproval(declined.approval, 3_600)]);
  await failing.accept();
  await failing.end('failed', { error: 'invalid-input', message: 'The start is in the past' });
  silent.clock.advance(61 * 60_000);

  const answers = await Promise.all([declined.again(), failing.again(), silent.again()]);

  expect(answers).toMatchObject([failed('forbidden'), failed('invalid-input'), failed('too-late')]);
  for (const { documents } of [declined, failing, silent]) expect(documents('approval')).toHaveLength(1);
});

verifies('mcp:asked', 'what the conversation does not tell is not made up', async () => {
  const [unrecorded, gone] = [await startAsked(), await startAsked()];
  await unrecorded.accept();
  await unrecorded.write(() => endAnswers('yes', 1, 0));
  await gone.write(() => [{ kind: 'delete', id: gone.approval.id }]);

  const answers = await Promise.all([unrecorded.again(), gone.again()]);

  expect(answers).toMatchObject([failed('unknown-outcome'), failed('unknown-outcome')]);
  expect(unrecorded.documents('calls')).toMatchObject([{ ...ref, id: 'yes:0' }]);
});
