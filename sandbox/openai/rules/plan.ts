import type { Conversation, MadeCall } from './conversation.ts';
import { fillArguments, type Filled, type Missing } from './fill.ts';
import type { RulesTool } from './intent.ts';
import type { Contacts } from './language/attendees.ts';
import { readFacts, type Facts } from './language/facts.ts';
import { contactsOf } from './known-contacts.ts';
import { foundIds, lookUpArguments } from './look-up.ts';
import type { Prompt } from './prompt.ts';
import { readRequests, type Request } from './requests.ts';

/** What is to be done about one request. */
export type Step =
  | { readonly kind: 'call'; readonly request: Request; readonly tool: RulesTool; readonly arguments: Record<string, unknown> }
  | { readonly kind: 'done'; readonly request: Request; readonly call: MadeCall }
  | { readonly kind: 'ask'; readonly request: Request; readonly missing: Missing; readonly among?: readonly unknown[] }
  | { readonly kind: 'unable'; readonly request: Request };

export interface Plan {
  readonly steps: readonly Step[];
  /** Calls of this turn that no request accounts for: somebody else's, to be worded all the same. */
  readonly others: readonly MadeCall[];
}

interface Planning {
  readonly prompt: Prompt;
  readonly tools: readonly RulesTool[];
  readonly contacts: Contacts;
  /** Calls already made and not yet accounted for. */
  readonly left: MadeCall[];
  /** What a look-up found. */
  readonly ids?: Readonly<Record<string, string>>;
}

/** The plan is made anew from the conversation each time; what was called already is found again in it. */
export function makePlan(conversation: Conversation, prompt: Prompt, tools: readonly RulesTool[]): Plan {
  const contacts = contactsOf(conversation, prompt);
  const planning: Planning = { prompt, tools, contacts, left: [...conversation.calls] };
  const missingOf = (request: Request, block: number) =>
    fill(request, factsOf(request, prompt), { ...planning, contacts: contactsOf(conversation, prompt, block) }).missing;
  const requests = readRequests(conversation.blocks, tools, missingOf);
  const steps: Step[] = [];
  let day: Facts['when']['day'];
  for (const request of requests) {
    const facts = factsOf(request, prompt);
    // `What is on tomorrow, and book lunch at 1pm`: the second is of the same day.
    const inherits = day && facts.when.time && !facts.when.day && !facts.when.exact && !facts.when.span;
    steps.push(stepFor(request, inherits ? { ...facts, when: { ...facts.when, day } } : facts, planning));
    day = facts.when.day ?? day;
  }
  return { steps, others: planning.left };
}

function factsOf({ parts, answers, intent }: Request, { now }: Prompt): Facts {
  if (!intent.target) return readFacts(parts, answers, now);
  const [first = '', ...later] = parts;
  const cut = first.search(intent.target);
  if (cut < 0) return readFacts(parts, answers, now);
  const meant = readFacts([first.slice(0, cut)], answers, now);
  const target = readFacts([first.slice(cut), ...later], answers, now);
  const day = target.when.day ?? (target.when.time ? meant.when.day : undefined);
  return { ...target, text: parts.join('\n'), rest: meant.rest, when: { ...target.when, ...(day ? { day } : {}) } };
}

function stepFor(request: Request, facts: Facts, planning: Planning): Step {
  const { tool, intent } = request;
  if (!tool) {
    // Without tools an answer may still be asked for: of what was called while there were some.
    const made = planning.left.find(({ name }) => intent.tools.some((pattern) => pattern.test(name)));
    const call = made && take(planning.left, made.name, made.arguments);
    return call ? { kind: 'done', request, call } : { kind: 'unable', request };
  }
  if (planning.left.some(({ name }) => name === tool.name)) return done(request, facts, planning);
  const filled = fill(request, facts, planning);
  const needsId = filled.missing.some(({ slot }) => slot === 'id');
  const lookUp = intent.lookUp;
  const listing = needsId && lookUp ? planning.tools.find(({ name }) => lookUp.test(name)) : undefined;
  if (!listing) return next(request, tool, filled);
  const meant = meantBy(request, planning.prompt);
  const made = take(planning.left, listing.name, undefined);
  if (!made) return { kind: 'call', request, tool: listing, arguments: lookUpArguments(listing, meant, planning) };
  const found = foundIds(made.output, meant, planning.prompt.now);
  if (!found.ids) return { kind: 'ask', request, missing: { slot: 'id', property: 'id' }, among: found.among };
  // What is moved keeps its length.
  const durationMinutes = facts.when.durationMinutes ?? found.durationMinutes;
  const whole = durationMinutes === undefined ? facts : { ...facts, when: { ...facts.when, durationMinutes } };
  return next(request, tool, fill(request, whole, { ...planning, ids: found.ids }));
}

function done(request: Request, facts: Facts, planning: Planning): Step {
  const { tool, intent } = request;
  const wanted = fill(request, facts, planning).arguments;
  if (intent.lookUp) {
    const lookUp = intent.lookUp;
    const listing = planning.left.find(({ name }) => lookUp.test(name));
    if (listing) take(planning.left, listing.name, listing.arguments);
  }
  const call = take(planning.left, tool?.name ?? '', wanted);
  return call ? { kind: 'done', request, call } : { kind: 'unable', request };
}

function next(request: Request, tool: RulesTool, { arguments: filled, missing: [missing] }: Filled): Step {
  return missing ? { kind: 'ask', request, missing } : { kind: 'call', request, tool, arguments: filled };
}

/** What the request says of the thing it is about, before what is to become of it. */
function meantBy({ parts, answers, intent }: Request, { now }: Prompt): Facts {
  const [first = '', ...later] = parts;
  const cut = intent.target ? first.search(intent.target) : -1;
  return readFacts(cut < 0 ? parts : [first.slice(0, cut), ...later], answers, now);
}

function fill(request: Request, facts: Facts, { prompt, contacts, ids = {} }: Planning): Filled {
  const { intent, tool } = request;
  if (!tool) return { arguments: {}, missing: [] };
  return fillArguments(tool.parameters, {
    facts,
    now: prompt.now,
    contacts,
    defaults: intent.defaults ?? {},
    ids,
    self: prompt.person?.email,
  });
}

/** The call of that name with just those arguments, else the first of that name: `Now` may have moved in between. */
function take(left: MadeCall[], name: string, wanted: unknown): MadeCall | undefined {
  const same = left.findIndex((call) => call.name === name && JSON.stringify(call.arguments) === JSON.stringify(wanted));
  const index = same >= 0 ? same : left.findIndex((call) => call.name === name);
  return index < 0 ? undefined : left.splice(index, 1)[0];
}
