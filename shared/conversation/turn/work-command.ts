import type { Change, Partition } from '../../ports/conversations.ts';
import type { DataKey } from '../../ports/data-keys.ts';
import type { MessageDocument, PreferencesDocument } from '../../ports/documents.ts';
import { annotateSpan, continueTrace, currentTraceparent, errorFields, log, withSpan } from '../../telemetry/index.ts';
import { closeApproval } from '../approvals.ts';
import { endAnswers, isWriteOf, knownOutcomes, readAnswers } from '../calls.ts';
import { eraseEverything } from '../commands.ts';
import { cancelled, type ChatCommand } from '../judge.ts';
import type { HeldLease } from '../lease.ts';
import { openMessage } from '../open-content.ts';
import { dropReply } from '../send.ts';
import { withoutForeignLinks } from './communication/check-links.ts';
import type { Ended } from './end-turn.ts';
import { createReply, endMessages, turnIdOf } from './turn-documents.ts';
import type { TurnWork } from './turn-work.ts';

/** A command under way: what was read, and what it is about. */
interface Given {
  readonly command: ChatCommand;
  readonly message: MessageDocument;
  readonly partition: Partition;
}

/** What a command changes, and what the person is told. */
interface Outcome {
  /** Absent where it is told in another of their conversations. */
  readonly text: string | undefined;
  readonly changes: readonly Change[];
  /** Messages that it ends beside its own. */
  readonly ends: readonly MessageDocument[];
}

// A batch takes a hundred operations; what is beyond is ended by the batches before the last.
const maxAtOnce = 40;

/** Works on what the person said to the application itself: no model, one batch, one reply. */
export async function workCommand(work: TurnWork, held: HeldLease, given: Given): Promise<Ended> {
  const { message, command } = given;
  return continueTrace(message.traceparent, () =>
    withSpan('command', { command }, async () => {
      const key = await work.ports.dataKeys.keyFor(held.lease.conversationId, held.signal);
      const outcome = readOutcome(work, given, key);
      return end({ work, held, key }, message, outcome);
    }),
  );
}

/** A command that cannot be followed is answered all the same: it must not hold up the next one. */
function readOutcome(work: TurnWork, given: Given, key: DataKey): Outcome {
  try {
    return outcomeOf(work, given, key);
  } catch (error) {
    log('error', 'command.failed', { command: given.command, ...errorFields(error) });
    return { text: texts.failed, changes: [], ends: [] };
  }
}

function outcomeOf(work: TurnWork, { command, message, partition }: Given, key: DataKey): Outcome {
  switch (command) {
    case 'stop':
    case 'start':
      return stopOrStart(work, { command, message, partition });
    case 'cancel':
      return cancel(work, { message, partition, key });
    case 'erase':
      return { text: texts.erase, changes: [], ends: [] };
  }
}

const texts = {
  stopped: 'I will not write to you unasked any more. I still answer when you write to me. START undoes this.',
  late: 'That reached me late, and you have told me since what to do. ',
  failed: 'Sorry, something went wrong on my side, and I could not do that.',
  started: 'I will write to you again when there is something to tell.',
  erase: [
    'I can erase everything I keep of you: our conversation and what you asked me for, your profile and your sign-in.',
    'Not mine to erase: this chat on your own phone, and what stands in your calendar or your documents.',
    `To do it, send exactly this, in capitals: ${eraseEverything}`,
    'It cannot be undone.',
  ].join('\n'),
} as const;

/** The last word counts, by when it was said: one that arrives late changes nothing, and is told what stands. */
function stopOrStart(work: TurnWork, { command, message, partition }: Given): Outcome {
  const { preferences } = partition;
  const isLate = (preferences?.at ?? 0) > message.sentAt;
  const isStopped = isLate ? preferences?.stopped === true : command === 'stop';
  const text = `${isLate ? texts.late : ''}${isStopped ? texts.stopped : texts.started}`;
  const changes = isLate ? [] : setStopped(message, isStopped);
  return {
    text: message.handedFrom === undefined ? text : undefined,
    changes: [...changes, ...(isStopped ? dropUnasked(work, partition) : [])],
    ends: [],
  };
}

function setStopped({ workspace, conversationId, sentAt: at }: MessageDocument, stopped: boolean): Change[] {
  const document: PreferencesDocument = { workspace, conversationId, id: 'preferences', type: 'preferences', stopped, at };
  return [{ kind: 'upsert', document }];
}

function dropUnasked({ settings }: TurnWork, { replies }: Partition): Change[] {
  return replies.filter(({ unasked }) => unasked).map((reply) => dropReply(reply, settings.transcriptTtlSeconds));
}

/** Ends what waits and what is proposed; what was already written is told, not taken back. */
function cancel(
  { tools, ports, settings }: TurnWork,
  { message, partition, key }: { message: MessageDocument; partition: Partition; key: DataKey },
): Outcome {
  // Those of a turn come last, in the batch that ends its calls as well.
  const [begun, waiting] = [true, false].map((has) =>
    cancelled(partition, message).filter(({ turnId }) => (turnId !== undefined) === has),
  );
  const ends = [...(waiting ?? []), ...(begun ?? [])];
  const turns = [...new Set(ends.flatMap(({ turnId }) => (turnId === undefined ? [] : [turnId])))];
  const isWrite = isWriteOf(tools);
  const recorded = turns.map((turnId) => ({ turnId, answers: readAnswers(partition.calls, key, { turnId, isWrite }) }));
  const words = (begun ?? []).map((one) => openMessage(one, key)?.text ?? '').join('\n');
  const outcomes = recorded
    .flatMap(({ answers }) => knownOutcomes(answers, isWrite))
    .map((line) => withoutForeignLinks(line, words).text);
  const now = ports.clock.now();
  const changes = [
    ...recorded.flatMap(({ turnId, answers }) => endAnswers(turnId, answers.length, now)),
    ...partition.approvals.slice(0, maxAtOnce).map((approval) => closeApproval(approval, settings.transcriptTtlSeconds)),
  ];
  const told = outcomes.length === 0 ? 'Cancelled: I have done nothing of it.' : 'Cancelled. What I had done before stays:';
  // Whoever it was handed on to says that it is cancelled.
  const isToldThere = message.handedTo !== undefined && outcomes.length === 0;
  return { text: isToldThere ? undefined : [told, ...outcomes].join('\n'), changes, ends };
}

async function end(
  { work, held, key }: { work: TurnWork; held: HeldLease; key: DataKey },
  message: MessageDocument,
  { text, changes, ends }: Outcome,
): Promise<Ended> {
  const { transcriptTtlSeconds: ttl } = work.settings;
  const turnId = turnIdOf([message]);
  for (let from = 0; from + maxAtOnce < ends.length; from += maxAtOnce) {
    const some = ends.slice(from, from + maxAtOnce);
    await held.commit(
      some.flatMap((one) => endMessages([one], one.turnId ?? turnId, ttl)),
      { ended: some.length },
    );
  }
  const last = ends.slice(Math.floor(Math.max(0, ends.length - 1) / maxAtOnce) * maxAtOnce);
  const chatId = openMessage(message, key)?.chatId;
  const now = work.ports.clock.now();
  const reply =
    chatId === undefined || text === undefined
      ? undefined
      : createReply(held.lease, key, { name: 'answer', turnId, chatId, texts: [text], traceparent: currentTraceparent(), now });
  await held.commit(
    [
      ...changes,
      ...[...last, message].flatMap((one) => endMessages([one], one.turnId ?? turnId, ttl)),
      ...(reply ? [{ kind: 'create' as const, document: reply }] : []),
    ],
    { ended: last.length + 1 },
  );
  annotateSpan({ outcome: 'answered' });
  return { reply, hasCalls: ends.length > 0 };
}
