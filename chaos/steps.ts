import { matches, type Fault } from '../sandbox/kit/faults.ts';
import type { JournalEntry } from '../sandbox/kit/journal.ts';

/** One step of the way of a message, known from outside by the request that it makes of a vendor. */
export interface Step {
  readonly name: string;
  readonly vendor: Fault['vendor'];
  readonly match: NonNullable<Fault['match']>;
  /**
   * When it comes: in any `turn`; in a turn that the harness's crowd `sometimes` has; only `after` something went wrong
   * or ran out; or `aside`, at a start, a sign-in or a timer, where no turn is under way.
   */
  readonly when: 'turn' | 'sometimes' | 'after' | 'aside';
}

const conversations = '/colls/conversations/docs';
const step = (name: string, when: Step['when'], [vendor, match]: readonly [Fault['vendor'], Step['match']]): Step => ({
  ...{ name, vendor, match, when },
});
const cosmos = (method: string, path: string, bodyMatches?: string) =>
  ['cosmos', { method, path, ...(bodyMatches !== undefined && { bodyMatches }) }] as const;
const batch = (bodyMatches: string) => cosmos('POST', conversations, bodyMatches);
const bells = (method: string) => ['servicebus', { method }] as const;
const waha = (path: string, method = 'POST') => ['waha', { method, path }] as const;
const sql = (method: string, bodyMatches?: string) =>
  ['postgres', { method, ...(bodyMatches !== undefined && { bodyMatches }) }] as const;
const msgraph = (method: string, path: string) => ['msgraph', { method, path }] as const;

/** In the order of a turn; where two match, the first names the step. */
export const steps: readonly Step[] = [
  step('inbox document', 'turn', batch('"type":"message"')),
  step('bell', 'turn', bells('SEND')),
  step('bell received', 'turn', bells('RECEIVE')),
  step('lease taken', 'turn', cosmos('PATCH', `${conversations}/lease`, 'IS_NULL\\(c\\.owner\\)')),
  step('abandoned lease freed', 'after', cosmos('PATCH', `${conversations}/lease`)),
  step('partition read', 'turn', batch('"query":"SELECT TOP \\d+ \\* FROM c WHERE')),
  step('data key read', 'after', cosmos('GET', '/colls/data-keys/docs')),
  step('identity read', 'turn', cosmos('GET', '/colls/identities/docs')),
  step('person read', 'turn', cosmos('GET', '/colls/people/docs')),
  step('marked as read', 'turn', waha('/api/sendSeen')),
  step('typing shown', 'turn', waha('/api/startTyping')),
  step('checkpoint read', 'sometimes', sql('SELECT', 'checkpoint')),
  step('token read', 'after', cosmos('GET', '/colls/tokens/docs')),
  step('token renewed', 'after', ['entra', { method: 'POST', path: '/token' }]),
  step('token kept', 'after', cosmos('PUT', '/colls/tokens/docs')),
  step('model call', 'turn', ['openai', { method: 'POST', path: '/responses', bodyMatches: '^(?!.*function_call_output)' }]),
  step('model call with results', 'sometimes', [
    'openai',
    { method: 'POST', path: '/responses', bodyMatches: 'function_call_output' },
  ]),
  step('record of calls', 'sometimes', batch('"type":"calls"')),
  step('vendor read', 'sometimes', msgraph('GET', 'orderby')),
  step('vendor write', 'sometimes', msgraph('POST', '/me/events')),
  step('vendor look-up', 'after', msgraph('GET', '/me/calendarView')),
  step('colleague looked up', 'after', msgraph('GET', '/users')),
  step('checkpoint begun', 'sometimes', sql('BEGIN')),
  step('checkpoint values', 'sometimes', sql('INSERT', 'checkpoint_blobs')),
  step('checkpoint', 'sometimes', sql('INSERT', '"?checkpoints"? ')),
  step('checkpoint writes', 'after', sql('INSERT', 'checkpoint_writes')),
  step('checkpoint forgotten', 'after', sql('DELETE', 'checkpoint')),
  step('checkpoint kept', 'sometimes', sql('COMMIT')),
  step('checkpoint undone', 'after', sql('ROLLBACK')),
  step('turn parked', 'after', batch('"path":"/attempt"')),
  step('end batch', 'turn', batch('"type":"reply"')),
  step('part sent', 'turn', waha('/api/sendText')),
  step('part looked up', 'after', waha('/chats/all/messages/', 'GET')),
  step('release', 'turn', batch('"path":"/owner","value":null')),
  step('typing ended', 'turn', waha('/api/stopTyping')),
  step('audit line', 'sometimes', cosmos('POST', '/colls/audit/docs')),
  step('batch found applied', 'after', cosmos('GET', `${conversations}/lease`)),
  step('beat', 'after', batch('^\\[(?!.*\\},\\{"operationType")(?!.*"/owner").*"path":"/until"')),
  step('bell for later', 'after', bells('SCHEDULE')),
  step('bell completed', 'turn', bells('COMPLETE')),
  step('bell given back', 'after', bells('ABANDON')),
  step('lock renewed', 'after', bells('RENEW-LOCK')),
  step('reply of an ack', 'turn', batch('SELECT c\\.id, c\\.parts FROM c')),
  step('ack', 'turn', cosmos('PATCH', conversations, '/ack"')),
  step('bells counted', 'aside', bells('PEEK')),
  step('failures listed', 'aside', batch("c\\.type = 'failure'")),
  step('failure read', 'aside', batch("'failure")),
  step('overdue listed', 'aside', batch('c\\.dueAt')),
  step('identity asked for', 'aside', waha('/lids', 'GET')),
  step('chats read', 'aside', waha('/chats/all/messages', 'GET')),
  step('bridge checked', 'aside', waha('/api/', 'GET')),
  step('tables set up', 'aside', ['postgres', { bodyMatches: 'CREATE |ALTER |checkpoint_migrations|advisory' }]),
  step('database connected', 'aside', sql('CONNECT')),
  step('database asked', 'aside', sql('SELECT', '^SELECT 1')),
  step('sign-in', 'aside', ['cosmos', { path: '/colls/sign-ins' }]),
  step('token cache', 'aside', ['cosmos', { path: '/colls/tokens' }]),
  step('identity written', 'aside', ['cosmos', { path: '/colls/identities' }]),
  step('person written', 'aside', ['cosmos', { path: '/colls/people' }]),
  step('data key written', 'aside', ['cosmos', { path: '/colls/data-keys' }]),
  step('audit trail', 'aside', ['cosmos', { path: '/colls/audit' }]),
  step('setting', 'aside', ['cosmos', { path: '/colls/settings' }]),
  step('account asked for', 'aside', ['entra', {}]),
  step('profile', 'aside', msgraph('GET', '/me')),
  step('mail', 'aside', msgraph('POST', '/me/sendMail')),
];

/** The step that a request belongs to; undefined for one that nobody has named. */
export function stepOf(entry: JournalEntry): Step | undefined {
  return isMetadata(entry) ? undefined : steps.find(({ vendor, match }) => vendor === entry.vendor && matches({ match }, entry));
}

/** What the client asks about the account itself, whenever it likes; and what the collector is told. */
export function isMetadata({ vendor, method, path, headers }: JournalEntry): boolean {
  if (vendor === 'otlp' || vendor === 'storage') return true;
  if (vendor !== 'cosmos') return false;
  return 'x-ms-cosmos-is-query-plan-request' in headers || (method === 'GET' && !path.includes('/docs'));
}

/** The steps that can be struck amid a turn. */
export const turnSteps = steps.filter(({ when }) => when === 'turn' || when === 'sometimes');
