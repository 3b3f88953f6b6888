import { expect } from 'vitest';
import { askUnasked } from '../../../shared/conversation/ask-unasked.ts';
import { createTools } from '../../../shared/tools/index.ts';
import { asksFor } from '../../support/fakes/fake-model.ts';
import { createInvite } from '../../support/invite-tool.ts';
import { createToolPorts } from '../../support/tool-ports.ts';
import { verifies } from '../../verifies.ts';
import { ref, startWorld, type World } from './world.ts';

const because = 'A program that works for you over MCP would like to:';

/** Asks Ana about a call that came from outside; answers the number to say yes by. */
async function ask(world: World, name: string, input: object): Promise<string> {
  const { ports } = world;
  const call = { callId: 'mcp', name, arguments: JSON.stringify(input) };
  const asking = { personId: 'acme:person-ana', requestId: 'request', proposals: [{ call, line: name }], because };
  const asked = await askUnasked(ports, ref, { ...asking, approvalMs: 3_600_000 });
  expect(asked.kind).toBe('asked');
  await world.run();
  const [, number = ''] = /“yes (\d{3})”/.exec(world.shown().at(-1) ?? '') ?? [];
  return number;
}

/** A chat in which Ana wrote before: who never wrote cannot be asked. */
async function startChat(given: Parameters<typeof startWorld>[0] = {}): Promise<World> {
  const world = await startWorld(given);
  await world.say('Hello');
  await world.run();
  return world;
}

verifies(['mcp:confirmation', 'conversation:pause'], 'a pause that was asked for from outside is done with its yes', async () => {
  const toolPorts = createToolPorts();
  const { pause } = toolPorts;
  const tools = createTools(toolPorts, 'acme').filter(({ name }) => name === 'system_pause');
  const world = await startChat({ role: 'admin', moreTools: tools });
  const number = await ask(world, 'system_pause', {});
  const before = await pause.load();

  await world.say(`yes ${number}`);
  await world.run();

  expect([before.paused, (await pause.load()).paused]).toEqual([false, true]);
  expect(world.shown().at(-1)).toContain('✓ Paused');
});

verifies('turn:untrusted', 'a yes confirms the recipients of its call, and nothing that stands in its subject', async () => {
  const { invite, invited } = createInvite();
  const world = await startChat({ moreTools: [invite] });
  const number = await ask(world, 'invite', { subject: 'mallory@evil.example', to: 'Eva@guest.example' });
  world.ports.model.next(
    asksFor(
      ['invite', { subject: 'Also', to: 'mallory@evil.example' }],
      ['invite', { subject: 'Again', to: 'eva@guest.example' }],
    ),
    { text: 'There you are.' },
  );

  await world.say(`yes ${number}`);
  await world.run();

  expect(invited).toEqual(['Eva@guest.example', 'eva@guest.example']);
});
