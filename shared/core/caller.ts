import type { Role } from './roles.ts';

/**
 * On whose behalf something is done. It comes from the message's own envelope, the console's session or the job's
 * record, and never through the model.
 */
export type Caller =
  | {
      readonly kind: 'person';
      readonly personId: string;
      readonly name: string;
      readonly email: string;
      readonly role: Role;
      /** IANA name, from the person's mailbox settings. */
      readonly timeZone: string;
    }
  | { readonly kind: 'system'; readonly job: string };

export type PersonCaller = Extract<Caller, { kind: 'person' }>;
