import { z } from 'zod';
import { Common } from './common.ts';

export const PreferencesDocument = Common.extend({
  id: z.literal('preferences'),
  type: z.literal('preferences'),
  /** STOP was said: nothing is sent unasked. */
  stopped: z.boolean(),
  /** WhatsApp's time of the STOP or START that said so; absent while neither was said. */
  at: z.number().optional(),
});
export type PreferencesDocument = z.infer<typeof PreferencesDocument>;
