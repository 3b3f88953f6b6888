import { z } from 'zod';
import { Role } from '../../core/roles.ts';
import { defineTool } from '../define-tool.ts';

export const whoamiTool = () =>
  defineTool({
    name: 'people_whoami',
    description: 'Tells who is signed in to this chat: name, address, role and time zone.',
    example: 'Who am I?',
    role: 'user',
    effect: 'read',
    input: z.object({}),
    output: z.object({ name: z.string(), email: z.string(), role: Role, timeZone: z.string() }),
    run: (_input, { caller: { name, email, role, timeZone } }) => Promise.resolve({ name, email, role, timeZone }),
  });
