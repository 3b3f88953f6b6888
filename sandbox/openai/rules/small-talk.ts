import type { RulesTool } from './intent.ts';
import { intents } from './intents/index.ts';
import type { Prompt } from './prompt.ts';
import { isInjection } from './security.ts';

const greeting = /^\W*(?:hi|hello|hey|hallo|good (?:morning|afternoon|evening|day)|olá|ola|bom dia|yo)\b/i;
const thanks = /\b(?:thanks|thank you|thx|cheers|great|perfect|obrigad[oa])\b/i;
const goodbye = /^\W*(?:bye|goodbye|see you|good night)\b/i;
const givenUp = /^\W*(?:never ?mind|forget (?:it|that|about it)|no,? thanks?|leave it|don't bother|cancel that)\W*$/i;

/** What is said where nothing was asked for that the rules understand: what can be done with the tools given. */
export function smallTalk(text: string, tools: readonly RulesTool[], person: Prompt['person']): string {
  const able = capabilities(tools);
  const name = person?.name.split(' ')[0];
  if (isInjection(text)) return `I cannot help with that.\n${able}`;
  if (givenUp.test(text)) return 'All right, I leave it at that.';
  if (goodbye.test(text)) return 'Goodbye.';
  if (greeting.test(text)) return `Hello${name === undefined ? '' : ` ${name}`}.\n${able}`;
  if (thanks.test(text)) return `You are welcome.\n${able}`;
  return `I did not understand that.\n${able}`;
}

/** What the tools allow, in plain words and only that. */
export function capabilities(tools: readonly RulesTool[]): string {
  const offers = new Set(tools.flatMap((tool) => offerOf(tool) ?? []));
  if (offers.size === 0) return 'There is nothing that I could do for you right now.';
  return `I can:\n${[...offers].map((offer) => `• ${offer}`).join('\n')}`;
}

function offerOf({ name, description }: RulesTool): string | undefined {
  const known = intents.find(({ tools }) => tools[0]?.test(name));
  if (known) return known.offer;
  const first = description.split(/(?<=[.!?])\s/)[0]?.replace(/[.\s]+$/, '') ?? '';
  return first === '' ? name.replaceAll(/[_-]/g, ' ') : first;
}
