import { z } from 'zod';
import { listFailures } from '../../domain/operations/index.ts';
import type { Ports } from '../../ports/index.ts';
import { defineTool } from '../define-tool.ts';
import { FailureShape, toFailureShape } from './failure-shape.ts';

export const listFailuresTool = (ports: Pick<Ports, 'conversations'>, workspace: string) =>
  defineTool({
    name: 'system_list_failures',
    description: 'Lists what failed for good in anybody’s chat, the newest first, by id, time and reason. Admins only.',
    example: 'What failed?',
    role: 'admin',
    effect: 'read',
    input: z.object({}),
    output: z.object({ failures: z.array(FailureShape), more: z.boolean() }),
    run: async (_input, { caller, signal }) => {
      const { failures, more } = await listFailures(ports, workspace, signal);
      return { failures: failures.map((failure) => toFailureShape(failure, caller.timeZone)), more };
    },
  });
