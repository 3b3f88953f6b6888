import type { World } from '../world.ts';
import { collectCases, Stored } from './cases.ts';
import { judgeChats } from './chats.ts';
import { isAskedFirst, judgeMessage } from './message.ts';
import { judgeOrder } from './order.ts';
import type { Finding, Verdict } from './verdicts.ts';

export interface Judgement {
  readonly messages: number;
  readonly answered: number;
  /** Writes that waited so long that the person was asked first. */
  readonly asked: number;
  /** Parts that were sent again, and known by their id. */
  readonly resent: number;
  readonly findings: readonly Finding[];
}

/** Compares what was typed with what the phones show, the calendars hold and the documents say, once all is at rest. */
export function judge(world: World): Judgement {
  const documents = world.sandbox.cosmos.documents('conversations').map((document) => Stored.parse(document));
  const cases = collectCases(world, documents);
  const findings = [
    ...cases.flatMap(judgeMessage),
    ...judgeOrder(cases),
    ...judgeChats(world, documents),
    ...documents.flatMap(judgeDocument),
    ...judgeQueues(world),
  ];
  return {
    messages: cases.length,
    answered: cases.filter(({ isTold }) => isTold).length,
    asked: cases.filter(isAskedFirst).length,
    resent: world.crowd.flatMap(({ phone }) => world.sandbox.waha.chat(phone)).filter(({ sends }) => sends > 1).length,
    findings,
  };
}

function judgeDocument({ id, type, dueAt, owner, conversationId, parts = [] }: Stored): Finding[] {
  const found = (verdict: Verdict, detail: string): Finding[] => [{ verdict, conversation: conversationId, tag: '', detail }];
  return [
    ...(dueAt === undefined ? [] : found('stuck', `${type} ${id} is due`)),
    ...(type === 'lease' && typeof owner === 'string' ? found('stuck', 'its lease is held') : []),
    ...(parts.some(({ state }) => state === 'uncertain') ? found('uncertain', `${type} ${id}`) : []),
  ];
}

function judgeQueues({ sandbox }: World): Finding[] {
  return sandbox.servicebus
    .queues()
    .flatMap(({ name, deadLettered }) =>
      Array.from({ length: deadLettered }, (): Finding => ({ verdict: 'dead', conversation: name, tag: '', detail: '' })),
    );
}
