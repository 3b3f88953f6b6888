import { z } from 'zod';
import { isAtLeast } from '../../core/roles.ts';
import { defineTool, type Tool } from '../define-tool.ts';

/** @param tools All tools; each caller is told of those within their role. */
export const helpTool = (tools: () => readonly Tool[]) =>
  defineTool({
    name: 'help',
    description: 'Lists examples of what the person can ask for. Call it when they ask what you can do.',
    role: 'user',
    effect: 'read',
    input: z.object({}),
    output: z.object({ examples: z.array(z.string()) }),
    run: (_input, { caller }) =>
      Promise.resolve({
        examples: tools()
          .filter(({ role }) => isAtLeast(caller.role, role))
          .flatMap(({ example }) => (example === undefined ? [] : [example])),
      }),
  });
