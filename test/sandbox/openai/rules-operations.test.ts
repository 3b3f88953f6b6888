import { expect } from 'vitest';
import { z } from 'zod';
import { verifies } from '../../verifies.ts';
import { answered, ask, everyTool, startOpenai, toolOf } from './support.ts';

const id = z.string().regex(/^[0-9a-f]{4,32}$/i);
const tools = [
  ...everyTool,
  toolOf('system_list_failures', 'Lists what failed.', z.object({})),
  toolOf('system_replay_failure', 'Replays.', z.object({ id })),
  toolOf('system_pause', 'Pauses.', z.object({})),
  toolOf('system_resume', 'Resumes.', z.object({})),
];

const phrases: Readonly<Record<string, readonly string[]>> = {
  system_list_failures: ['What failed?', 'list failures', 'Did anything fail today?', 'Show me the failures'],
  system_pause: ['Pause everything', 'pause', 'Please pause now.'],
  system_resume: ['Resume', 'resume everything', 'Please resume.'],
  people_whoami: ['Who am I?'],
};

for (const [tool, said] of Object.entries(phrases)) {
  verifies('openai:rules-tools', `${tool} is called by what an admin says for it`, async () => {
    const { client } = await startOpenai();

    const called = await Promise.all(said.map(async (text) => [text, (await ask(client, text, { tools })).calls]));

    expect(called).toEqual(said.map((text) => [text, [{ name: tool, arguments: {} }]]));
  });
}

verifies(
  'openai:rules-tools',
  'a failure is replayed by its id, whatever its digits look like, and asked for without',
  async () => {
    const { client } = await startOpenai();
    const replay = async (text: string) => (await ask(client, text, { tools })).calls;
    const ids = ['3f9a2c1d', '20261122', 'deadbeef', '0900abcd', '3f9a'];

    const called = await Promise.all(ids.map((one) => replay(`Replay failure ${one}`)));
    const { calls, text } = await ask(client, 'Replay that failure', { tools });

    expect(called).toEqual(ids.map((one) => [{ name: 'system_replay_failure', arguments: { id: one } }]));
    expect([calls, text]).toEqual([[], 'Which failure should I replay? Its id is enough.']);
  },
);

verifies('openai:rules-answer', 'failures as short lines with their ids, and none in words', async () => {
  const { client } = await startOpenai();
  const failure = { when: '2026-11-21T09:12:00+00:00', reason: 'invalid-input', messages: 1, replays: 0, replayed: false };
  const failures = [
    { id: '3f9a2c1d', ...failure },
    { id: '77aa01ff', ...failure, messages: 2, replayed: true },
  ];
  const told = async (result: object) =>
    (await ask(client, answered('What failed?', [{ tool: 'system_list_failures', result }]), { tools })).text;

  expect(await told({ failures, more: false })).toBe(
    'This failed:\n• 3f9a2c1d, Sat 21 Nov 09:12, invalid-input, 1 message\n• 77aa01ff, Sat 21 Nov 09:12, invalid-input, 2 messages, replayed',
  );
  expect(await told({ failures: [], more: false })).toBe('Nothing failed.');
});
