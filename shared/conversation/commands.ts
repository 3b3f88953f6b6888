import { withoutEnd } from '../core/text.ts';
import type { Command } from '../ports/documents.ts';

// Whole messages only: "stop the 3pm meeting" is for the model.
const spoken: readonly (readonly [Command, RegExp])[] = [
  ['code', /^\d{3}\s?\d{3}$/],
  ['stop', /^(?:stop|stop all|unsubscribe|stop (?:all )?messages)$/],
  ['start', /^(?:start|unstop|subscribe)$/],
  ['cancel', /^(?:please )?(?:cancel|cancel (?:that|it|this)|never ?mind|forget (?:it|that))$/],
  ['erase', /^(?:please )?(?:(?:erase|delete) (?:all )?my data|(?:erase|delete|forget) everything(?: about me)?)$/],
];

/** What is to be sent, letter for letter, by who wants to be forgotten: nothing that is said in passing erases anything. */
export const eraseEverything = 'ERASE EVERYTHING';

/** What a message commands, where it is nothing but a command: those are worked on first, without a model. */
export function readCommand(text: string): Command | undefined {
  const words = withoutEnd(text.trim(), /[.!\s]/);
  if (words === eraseEverything) return 'erase-everything';
  return spoken.find(([, pattern]) => pattern.test(words.toLowerCase()))?.[0];
}
