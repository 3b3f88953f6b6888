import type { DateTime } from 'luxon';
import type { Contacts } from '../language/attendees.ts';
import type { Facts } from '../language/facts.ts';
import type { Property } from '../schema.ts';

/** What an argument is made from, beside the request itself. */
export interface FillContext {
  readonly facts: Facts;
  readonly now: DateTime;
  readonly contacts: Contacts;
  /** What the intent takes where the request says nothing: its range, length or subject. */
  readonly defaults: FillDefaults;
  /** The ids that an earlier listing gave, by the name of the property that takes one. */
  readonly ids: Readonly<Record<string, string>>;
  /** The address of the person who asks: nobody invites themselves. */
  readonly self?: string | undefined;
}

export interface FillDefaults {
  readonly range?: 'today' | 'week' | 'ahead';
  readonly durationMinutes?: number;
  /** The kind of the thing, for its title: `Meeting`. */
  readonly subjectKind?: string;
  /** Whether a vague subject has to be asked for. */
  readonly subjectRequired?: boolean;
}

/** A slot's value, that nothing was said of it, or what to ask. */
export type SlotValue = { readonly value: unknown } | { readonly missing: string | true } | undefined;

/** Makes the value of one kind of slot. */
export type SlotReader = (property: Property, context: FillContext) => SlotValue;
