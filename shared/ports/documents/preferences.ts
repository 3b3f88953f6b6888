import { z } from 'zod';
import { Common } from './common.ts';

export const PreferencesDocument = Common.extend({
  id: z.literal('preferences'),
  type: z.literal('preferences'),
  /** STOP was said: nothing is sent unasked. */
  stopped: z.boolean(),
});
export type PreferencesDocument = z.infer<typeof PreferencesDocument>;
