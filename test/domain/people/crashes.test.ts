import { expect } from 'vitest';
import { AppError } from '../../../shared/core/errors.ts';
import { createPeopleWork } from '../../../shared/wiring/people.ts';
import { verifies } from '../../verifies.ts';
import { anasChat, evasChat, linkIn, signInChat, startSignIn, winCode, type SignInWorld } from './start-sign-in.ts';

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

for (const when of ['before', 'after'] as const) {
  verifies('sign-in:code-in-chat', `a worker lost ${when} any of its writes and reads: the turn ends the same`, async () => {
    const world = await startSignIn();
    await signInChat(world, anasChat, 'ana@alderfinch.example');
    const code = await winCode(world, linkIn(await world.say(evasChat, 'Hello')), 'ana@alderfinch.example');
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
      const { gate } = work.signInFor(world.directory)({ ...evasChat, turnId: 'lost' });
      const messages = [{ text: code, sentAt: 0, hasMedia: false }];
      await gate(undefined, messages, new AbortController().signal).catch(() => undefined);
      wasReached = count.left <= 0;

      told.add(await world.say(evasChat, code, 'lost'));

      expect(await world.callerOf(evasChat)).toMatchObject({ name: 'Ana Ribeiro' });
      expect(await world.callerOf(anasChat)).toBeUndefined();
      expect(world.directory.mails.length).toBeLessThanOrEqual(1);
      expect([...world.audit.lines.values()].filter(({ what }) => what === 'sign-in.linked')).toHaveLength(2);
      expect([...world.people.tokens.values()].map(({ document }) => document.expired)).toEqual([false]);
      expect(n).toBeLessThan(60);
    }

    expect([...told]).toEqual([expect.stringContaining('linked to another chat until now')]);
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
