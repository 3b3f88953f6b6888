import type { Intent, RulesTool } from './intent.ts';
import { intents } from './intents/index.ts';

const tooCommon = new Set(['get', 'the', 'a', 'an', 'of', 'for', 'by', 'all', 'my', 'new', 'do', 'run', 'system']);

/**
 * A tool that no intent knows, asked for by the words of its name: `list the rooms` finds `rooms_list`. Its area (the
 * first word) need not be said where two more words are.
 */
export function genericIntent(text: string, tools: readonly RulesTool[]): Intent | undefined {
  const said = new Set(stems(text));
  const scored = tools
    .filter(({ name }) => !intents.some((intent) => intent.tools.some((pattern) => pattern.test(name))))
    .map((tool) => ({ tool, words: tellingWords(tool.name) }))
    .map(({ tool, words }) => ({ tool, words, found: words.filter((word) => said.has(word)).length }))
    .filter(
      ({ words, found }) =>
        found > 0 && (found === words.length || (words.length > 2 && found >= 2 && found >= words.length - 1)),
    );
  const best = scored.sort((a, b) => b.found - a.found)[0]?.tool;
  if (!best) return undefined;
  return { name: best.name, effect: effectOf(best.name), tools: [new RegExp(`^${best.name}$`)], triggers: [] };
}

/** Whether a tool changes something, by the verb in its name; what has no verb reads. */
export function effectOf(name: string): 'read' | 'write' {
  const verb =
    /(?:^|_)(?:create|book|add|append|insert|set|update|change|move|reschedule|cancel|delete|remove|send|close|open|assign|approve|reject|remind|index|ingest|link|unlink|erase|export|forget|pause|resume|replay|invite|register|write)(?:_|$)/i;
  const snake = name.replace(/([a-z])([A-Z])/g, '$1_$2').replaceAll('-', '_');
  return verb.test(snake) ? 'write' : 'read';
}

const readingVerbs = new Set(['list', 'show', 'find', 'read', 'search', 'look', 'view', 'query']);

/** The words of a name that tell it from others; who asks to read seldom says the verb, who asks to write does. */
function tellingWords(name: string): string[] {
  const words = stems(name).filter((word) => !tooCommon.has(word));
  return effectOf(name) === 'write' ? words : words.filter((word) => !readingVerbs.has(word));
}

function stems(text: string): string[] {
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .map((word) => (word.length > 3 ? word.replace(/(?:ies|es|s)$/, '') : word));
}
