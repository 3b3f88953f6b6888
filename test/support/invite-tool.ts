import { z } from 'zod';
import { defineTool } from '../../shared/tools/define-tool.ts';

/** A tool that writes to an address that only the person themselves can name; `invited` is whom it wrote to. */
export function createInvite() {
  const invited: string[] = [];
  const invite = defineTool({
    name: 'invite',
    description: 'Invites.',
    role: 'user',
    effect: 'write',
    input: z.object({ to: z.string(), subject: z.string().optional() }),
    output: z.object({ to: z.string() }),
    fromPerson: ({ to }) => [to],
    proposal: ({ to }) => `Invite ${to}`,
    receipt: ({ to }) => `✓ Invited: ${to}`,
    run: async ({ to }, { operation }) => {
      await operation.run('invite', { perform: () => Promise.resolve(invited.push(to)), settle: 'repeat' });
      return { to };
    },
  });
  return { invite, invited };
}
