import { z } from 'zod';
import { setPaused } from '../../domain/operations/index.ts';
import type { Ports } from '../../ports/index.ts';
import { defineTool } from '../define-tool.ts';

const PauseShape = z.object({ paused: z.boolean(), changed: z.boolean().describe('Whether it stood otherwise before') });

export const pauseTool = (ports: Pick<Ports, 'pause' | 'people'>) =>
  defineTool({
    name: 'system_pause',
    description:
      'Pauses everything: nobody is answered until an admin resumes; what people write meanwhile is kept and answered then. Admins only.',
    example: 'Pause everything',
    role: 'admin',
    effect: 'write',
    destructive: true,
    idempotent: true,
    input: z.object({}),
    output: PauseShape,
    // It silences everybody: only who says so themselves, in this very word, or confirms it in their chat.
    fromPerson: () => ['pause'],
    proposal: () => 'Pause everything: nobody but you is answered until you resume',
    receipt: ({ changed }) =>
      changed
        ? '✓ Paused: what people write is kept, and answered after “resume”'
        : '✓ Paused already: what people write is kept, and answered after “resume”',
    run: async (_input, { caller, now, operation, signal }) => {
      const { changed } = await setPaused(ports, { caller, now, paused: true }, { operation, signal });
      return { paused: true, changed };
    },
  });

export const resumeTool = (ports: Pick<Ports, 'pause' | 'people'>) =>
  defineTool({
    name: 'system_resume',
    description: 'Ends a pause: what people wrote meanwhile is answered, the oldest first. Admins only.',
    example: 'Resume',
    role: 'admin',
    effect: 'write',
    destructive: false,
    idempotent: true,
    input: z.object({}),
    output: PauseShape,
    fromPerson: () => [],
    proposal: () => 'Resume: everybody is answered again',
    receipt: ({ changed }) =>
      changed ? '✓ Resumed: what waited is answered now, the oldest first' : '✓ Nothing is paused: everybody is answered',
    run: async (_input, { caller, now, operation, signal }) => {
      const { changed } = await setPaused(ports, { caller, now, paused: false }, { operation, signal });
      return { paused: false, changed };
    },
  });
