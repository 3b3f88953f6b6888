import { z } from 'zod';
import { replayFailure } from '../../domain/operations/index.ts';
import type { Ports } from '../../ports/index.ts';
import { defineTool } from '../define-tool.ts';
import { FailureShape, toFailureShape } from './failure-shape.ts';

export const replayFailureTool = (ports: Pick<Ports, 'bell' | 'clock' | 'conversations'>, workspace: string) =>
  defineTool({
    name: 'system_replay_failure',
    description:
      'Works a turn that failed again, by the id that system_list_failures gives: who wrote it is answered, and what of it was done is not done twice. Admins only.',
    example: 'Replay failure 3f9a2c1d',
    role: 'admin',
    effect: 'write',
    destructive: false,
    idempotent: true,
    input: z.object({
      id: z
        .string()
        .regex(/^[0-9a-f]{4,32}$/i)
        .describe('The id of the failure, exactly as the person wrote it; its first digits are enough'),
    }),
    output: FailureShape.extend({ outcome: z.enum(['replayed', 'already']) }),
    fromPerson: ({ id }) => [id],
    proposal: ({ id }) => `Replay failure ${id}`,
    receipt: ({ id, messages, outcome }) => {
      if (outcome === 'already') return `✓ Failure ${id} was replayed before: nothing more is done`;
      return `✓ Replayed: failure ${id}, ${messages} ${messages === 1 ? 'message' : 'messages'}`;
    },
    run: async ({ id }, { caller, operation, signal }) => {
      const { failure, outcome } = await replayFailure(ports, { workspace, id }, { operation, signal });
      return { ...toFailureShape({ ...failure, replayed: true }, caller.timeZone), outcome };
    },
  });
