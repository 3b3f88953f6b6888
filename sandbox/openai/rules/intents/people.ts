import type { Intent } from '../intent.ts';
import { wordByShape } from '../wording/generic.ts';
import { wordPerson } from '../wording/person.ts';
import { listIn } from '../wording/shape.ts';

export const whoAmI: Intent = {
  name: 'who am I',
  effect: 'read',
  tools: [/who_?am_?i|(?:get|show)_?(?:me|profile|self)\b/i],
  triggers: [
    /\bwho am i\b|\bwhoami\b|\bwhat(?:'s| is) my (?:name|role|e-?mail|account|address|profile)\b|\bwho do you think i am\b/i,
    /\bwhich account\b|\bam i (?:an )?(?:admin|staff|user|linked|signed in|connected)\b|\bmy (?:role|profile|account)\b/i,
  ],
  offer: 'tell you who you are to me, and your role ("who am I?")',
  word: (result) => wordPerson(result),
};

export const help: Intent = {
  name: 'help',
  effect: 'read',
  tools: [/^(?:system_?|get_?)?help$|capabilities/i],
  triggers: [
    /^\W*(?:help|menu|commands|options)\b/i,
    /\b(?:what|which things) can (?:you|i) (?:do|ask|say)\b|\bwhat do you do\b|\bhow (?:does this|do you|can you) (?:work|help)\b|\bwhat are you able\b/i,
    /\b(?:need|want|get) (?:some )?help\b(?! (?:with|from))|\bhelp me\W*$/i,
  ],
  offer: 'explain what I can do ("help")',
  word: (result, { now }) => {
    const list = listIn(result);
    return list && list.length > 0 ? `You can ask me, for example:\n${wordByShape(list, now)}` : undefined;
  },
};
