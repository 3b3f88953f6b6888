import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import { noGrant } from '../../../shared/ports/people.ts';
import { createPeopleWork } from '../../../shared/wiring/people.ts';
import { verifies } from '../../verifies.ts';
import { anasChat, evasChat, linkIn, signInChat, startSignIn, winCode, type Chat, type SignInWorld } from './start-sign-in.ts';

/** Ports of which the n-th call of all breaks, before or after it did its work. */
function breaking<T extends object>(ports: T, count: { left: number }, when: 'before' | 'after'): T {
  const wrapMethod =
    (method: (...given: unknown[]) => unknown) =>
    async (...given: unknown[]): Promise<unknown> => {
      count.left -= 1;
      const broken = count.left === 0;
      if (broken && when === 'before') throw new AppError('upstream', 'the store is gone');
      const result = await method(...given);
      if (broken) throw new AppError('upstream', 'the answer is lost', { maybeDone: true });
      return result;
    };
  const wrapPort = (port: object) =>
    Object.fromEntries(
      Object.entries(port).map(([name, value]: [string, unknown]) => [
        name,
        typeof value === 'function' ? wrapMethod(value as (...given: unknown[]) => unknown) : value,
      ]),
    );
  return Object.fromEntries(Object.entries(ports).map(([name, port]: [string, object]) => [name, wrapPort(port)])) as T;
}

/** What the stores hold now, and the way back to it. */
function remember({ people, signIns, identities, audit, directory }: SignInWorld) {
  const maps = [people.people, people.tokens, signIns.documents, identities.documents, audit.lines] as Map<string, unknown>[];
  const copies = maps.map((map) => structuredClone([...map]));
  return () => {
    directory.mails.length = 0;
    for (const [index, map] of maps.entries()) {
      map.clear();
      for (const [key, value] of structuredClone(copies[index] ?? [])) map.set(key, value);
    }
  };
}

/** The turn that brings the code, lost at its n-th call and run again, for every n; `check` is what holds each time. */
async function loseEverywhere(
  world: SignInWorld,
  { chat, code, when }: { chat: Chat; code: string; when: 'before' | 'after' },
  check: () => Promise<void>,
): Promise<ReadonlySet<string | undefined>> {
  const restore = remember(world);
  const told = new Set<string | undefined>();
  for (let n = 1, wasReached = true; wasReached; n += 1) {
    restore();
    const count = { left: n };
    const { people, signIns, identities, audit } = breaking(
      { people: world.people, signIns: world.signIns, identities: world.identities, audit: world.audit },
      count,
      when,
    );
    const broken = { ...world.basis, ports: { ...world.basis.ports, identities } };
    const work = createPeopleWork(broken, { people, signIns, audit, authority: world.authority });
    const { gate } = work.signInFor(world.directory)({ ...chat, lid: chat.lid, phone: chat.phone, turnId: 'lost' });
    const messages = [{ text: code, sentAt: 0, hasMedia: false }];
    const caller = await world.callerOf(chat);
    await gate(caller, messages, new AbortController().signal).catch(() => undefined);
    wasReached = count.left <= 0;

    told.add(await world.say(chat, code, 'lost'));

    await check();
    expect(n).toBeLessThan(60);
  }
  return told;
}

for (const when of ['before', 'after'] as const) {
  verifies('sign-in:code-in-chat', `a worker lost ${when} any of its writes and reads: the turn ends the same`, async () => {
    const world = await startSignIn();
    await signInChat(world, anasChat, 'ana@alderfinch.example');
    const code = await winCode(world, linkIn(await world.say(evasChat, 'Hello')), 'ana@alderfinch.example');

    const told = await loseEverywhere(world, { chat: evasChat, code, when }, async () => {
      expect(await world.callerOf(evasChat)).toMatchObject({ name: 'Ana Ribeiro' });
      expect(await world.callerOf(anasChat)).toBeUndefined();
      expect(world.directory.mails.length).toBeLessThanOrEqual(1);
      expect([...world.audit.lines.values()].filter(({ what }) => what === 'sign-in.linked')).toHaveLength(2);
      expect([...world.people.tokens.values()].map(({ document }) => document.expired)).toEqual([false]);
    });

    expect([...told]).toEqual([expect.stringContaining('linked to another chat until now')]);
  });

  verifies('sign-in:one-grant', `a worker lost ${when} any of them: who was replaced in the chat keeps no grant`, async () => {
    const world = await startSignIn();
    await signInChat(world, anasChat, 'ana@alderfinch.example');
    const ana = (await world.callerOf(anasChat))?.personId ?? '';
    world.clock.advance(120_000);
    const link = linkIn(await world.signInFor({ ...anasChat, turnId: 'renewal' }).renew(new AbortController().signal));
    const code = await winCode(world, link, 'eva@alderfinch.example');

    const told = await loseEverywhere(world, { chat: anasChat, code, when }, async () => {
      expect(await world.callerOf(anasChat)).toMatchObject({ name: 'Eva Lindqvist' });
      expect(world.people.people.get(ana)).not.toHaveProperty('conversationId');
      expect(world.people.tokens.get(ana)?.document).toMatchObject({ sealed: noGrant, expired: true });
      expect(world.people.tokens.size).toBe(2);
    });

    expect([...told]).toEqual([expect.stringContaining('You are signed in as Eva Lindqvist')]);
  });
}

verifies('sign-in:code-in-chat', 'a worker that died while it linked: any message of the chat ends its work', async () => {
  const world = await startSignIn();
  const code = await winCode(world, linkIn(await world.say(evasChat, 'Hello')), 'eva@alderfinch.example');
  world.audit.failWith(new AppError('upstream', 'the store is gone'));
  await expect(world.say(evasChat, code, 'lost')).rejects.toMatchObject({ code: 'upstream' });
  for (const { id } of [...world.identities.documents.values()]) await world.identities.update(id, { personId: undefined });
  world.people.people.clear();
  world.audit.failWith(undefined);

  const told = await world.say(evasChat, 'Are you there?');

  expect(told).toContain('You are signed in as Eva Lindqvist');
  expect(world.directory.mails).toHaveLength(1);
});
