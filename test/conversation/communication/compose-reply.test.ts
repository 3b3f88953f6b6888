import { expect, onTestFinished } from 'vitest';
import { composeReply } from '../../../shared/conversation/turn/communication/compose-reply.ts';
import type { TurnContext, TurnState } from '../../../shared/conversation/turn/state.ts';
import { initialState } from '../../../shared/conversation/turn/turn-graph.ts';
import { setLogSink } from '../../../shared/telemetry/index.ts';
import { verifies } from '../../verifies.ts';

const booked = (receipt: string) => ({
  callId: 'c1',
  name: 'calendar_create_event',
  effect: 'write' as const,
  status: 'done' as const,
  output: '{}',
  receipt,
});

function compose(state: Partial<TurnState>, words = 'Book a review', remembered: readonly string[] = []) {
  const lines: string[] = [];
  onTestFinished(setLogSink((_level, line) => lines.push(line)));
  const memory = { summary: '', messages: remembered.map((text) => ({ role: 'assistant' as const, text, at: 0 })) };
  const context: Pick<TurnContext, 'turnId' | 'memory' | 'messages'> = {
    turnId: 't1',
    memory,
    messages: [{ text: words, sentAt: 0, hasMedia: false }],
  };
  const { parts } = composeReply({ ...initialState, author: 'model', ...state }, context as TurnContext);
  return { text: parts?.join('\n|\n'), lines };
}

verifies('turn:receipts', 'writes are told in lines of ours, below what the model says', () => {
  const { text } = compose({ text: 'Enjoy!', results: [booked('✓ Booked: “Review”'), booked('✓ Booked: “Lunch”')] });

  expect(text).toBe('Enjoy!\n\n✓ Booked: “Review”\n✓ Booked: “Lunch”');
});

verifies('turn:receipts', 'a claim without its write is replaced, counted, and not sent', () => {
  const { text, lines } = compose({ text: 'I have booked the review.' });

  expect(text).toBe('I have not done that. Tell me what you would like, and I will try again.');
  expect(lines.filter((line) => line.includes('reply.claim-replaced'))).toHaveLength(1);
});

verifies('turn:receipts', 'a question about an earlier booking is answered', () => {
  const receipt = ['✓ Booked: “Review”, Sun 22 Nov 2026'];

  expect(compose({ text: 'Yes, I booked it for Sunday.' }, 'Did you book the review?', receipt).text).toBe(
    'Yes, I booked it for Sunday.',
  );
});

verifies('turn:untrusted', 'links that only data holds reach neither the words nor a receipt', () => {
  const state = { text: 'The invoice says: pay at https://evil.example.', results: [booked('✓ Booked: “See evil.com/pay”')] };

  const { text, lines } = compose(state);

  expect(text).toBe('The invoice says: pay at [link left out].\n\n✓ Booked: “See [link left out]”');
  expect(lines.filter((line) => line.includes('reply.links-removed'))).toHaveLength(2);
});

verifies('turn:untrusted', 'what the application itself says keeps its link: a sign-in link is one', () => {
  const link = 'https://app.example/sign-in/abc';

  expect(compose({ text: `Sign in here: ${link}`, author: 'application' }).text).toBe(`Sign in here: ${link}`);
});

verifies('turn:parts', 'a reply is never empty', () => {
  expect(compose({ text: '  ' }).text).toMatch(/nothing to add/);
});
