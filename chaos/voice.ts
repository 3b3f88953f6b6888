import type { Voice } from '../sandbox/openai/script.ts';
import { kinds, tagPattern, type Kind } from './messages.ts';
import type { Random } from '../sandbox/kit/random.ts';

interface Item {
  readonly type?: string;
  readonly role?: string;
  readonly content?: unknown;
  readonly arguments?: string;
}

interface Asked {
  readonly kind: Kind;
  readonly tag: string;
}

interface Call {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

const openings = ['Read', 'Heard', 'Here I am for', 'Thanks for', 'Yes, I saw'];
const subjects = ['Walk', 'Stroll', 'Review', 'Round', 'Talk'];

/**
 * The model of the harness: it does what each message of the turn says and repeats its tag, in other words each time it is
 * asked, so that a second answer would show; now and then it repeats its call ids, as some servers do.
 */
export function createVoice(random: Random, { repeatsIds = 0.2 }: { repeatsIds?: number } = {}): Voice {
  return ({ input, tools }) => {
    const items = (Array.isArray(input) ? input : []) as readonly Item[];
    const { asked, calls } = readTurn(items);
    if (asked.length === 0) return undefined;
    const mayCall = (tools ?? []).length > 0;
    const wanted = mayCall ? asked.flatMap((one) => callsFor(one, calls, random)) : [];
    if (wanted.length > 0) return { response: { output: wanted.map((call) => asItem(call, random.chance(repeatsIds))) } };
    return { response: { output_text: wordsFor(asked, random) } };
  };
}

/** What the messages since the last answer ask for, and what was called for them already. */
function readTurn(items: readonly Item[]): { asked: Asked[]; calls: string[] } {
  const since = items.findLastIndex(({ role }) => role === 'assistant');
  const turn = items.slice(since + 1);
  const asked = turn.filter(({ role }) => role === 'user').flatMap(({ content }) => readMessage(textIn(content)));
  return { asked, calls: turn.flatMap(({ type, arguments: given }) => (type === 'function_call' ? [given ?? ''] : [])) };
}

const textIn = (content: unknown): string => (typeof content === 'string' ? content : JSON.stringify(content));

function readMessage(text: string): Asked[] {
  const [tag] = text.match(tagPattern) ?? [];
  const found = (Object.entries(kinds) as [Kind, string][]).find(([, words]) => text.includes(words));
  return tag !== undefined && found ? [{ kind: found[0], tag }] : [];
}

/** The calls that a message asks for and that were not made yet; each carries its tag, so that this can be told. */
function callsFor({ kind, tag }: Asked, made: readonly string[], random: Random): Call[] {
  const isMade = (mark: string) => made.some((given) => given.includes(mark));
  const look: Call = { name: 'calendar_list_events', arguments: { ...aDay(random, 1), note: `${tag}-look` } };
  const arrange: Call = { name: 'calendar_create_event', arguments: { ...anEvent(tag, random), attendees: [] } };
  const wanted: Partial<Record<Kind, [mark: string, call: Call][]>> = {
    look: [[`${tag}-look`, look]],
    arrange: [[tag, arrange]],
    both: [
      [`${tag}-look`, look],
      [`${tag} event`, arrange],
    ],
    oracle: [[tag, { name: 'oracle_ask', arguments: { about: tag } }]],
    clumsy: [[tag, { name: 'calendar_create_event', arguments: { subject: 7, about: tag } }]],
    circle: [['never', look]],
  };
  return (wanted[kind] ?? []).flatMap(([mark, call]) => (isMade(mark) ? [] : [call]));
}

function aDay(random: Random, span: number) {
  const from = new Date(Date.now() + (2 + random.below(20)) * 86_400_000);
  const to = new Date(from.getTime() + span * 86_400_000);
  return { start: from.toISOString().slice(0, 10), end: to.toISOString().slice(0, 10) };
}

function anEvent(tag: string, random: Random) {
  const { start } = aDay(random, 1);
  const hour = String(8 + random.below(10)).padStart(2, '0');
  return { subject: `${random.pick(subjects)} ${tag} event`, start: `${start}T${hour}:00`, end: `${start}T${hour}:30` };
}

function asItem({ name, arguments: given }: Call, repeatsId: boolean) {
  return { type: 'function_call', name, arguments: given, ...(repeatsId && { call_id: 'call_again' }) };
}

function wordsFor(asked: readonly Asked[], random: Random): string {
  if (asked.every(({ kind }) => kind === 'boast')) return 'I have booked the meeting for you.';
  const words = `${random.pick(openings)} ${asked.map(({ tag }) => tag).join(', ')}.`;
  const story = asked.some(({ kind }) => kind === 'story') ? `\n\n${'Once upon a time there was a calendar. '.repeat(240)}` : '';
  return words + story;
}
