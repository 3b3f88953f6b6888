import { afterAll, beforeAll, expect } from 'vitest';
import { startSandbox, type Sandbox } from '../../../sandbox/run/sandbox.ts';
import { verifies } from '../../verifies.ts';
import { ask, elsewhere } from '../run/support.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ withApplication: false, environment: elsewhere });
});
afterAll(() => sandbox.close());

const person = { from: '+15550100001', text: 'Hello' };
const refused: readonly [string, unknown, number, RegExp][] = [
  ['POST /sandbox/messages', 'no json', 400, /The body is no JSON/],
  ['POST /sandbox/messages', {}, 400, /from: .*; text: /],
  ['POST /sandbox/messages', { ...person, text: '' }, 400, /text: must not be empty/],
  ['POST /sandbox/messages', { ...person, text: 7 }, 400, /text: /],
  ['POST /sandbox/messages', { ...person, from: '5550100001' }, 400, /from: must be a phone number/],
  ['POST /sandbox/messages', { ...person, from: '+15550100077' }, 400, /Nobody here has the phone \+15550100077; there are/],
  ['POST /sandbox/messages', { ...person, text: 'x'.repeat(1_100_000) }, 413, /more than 1048576 bytes/],
  ['GET /sandbox/chats/%2B15550100077', undefined, 404, /Nobody here has the phone/],
  ['GET /sandbox/mailbox/nobody@alderfinch.example', undefined, 404, /Nobody here has the address/],
  ['POST /sandbox/token', { person: 'Ana', audience: 'app' }, 400, /Nobody here has the phone or address Ana/],
  ['POST /sandbox/token', { person: '+15550100001', audience: 'other' }, 400, /audience: /],
  ['POST /sandbox/model/script', { replies: [{ respond: {} }] }, 400, /replies\.0/],
  ['POST /sandbox/faults', { vendor: 'whatsapp', effect: 'drop' }, 400, /vendor: /],
  ['POST /sandbox/faults', { vendor: 'storage', effect: 'drop' }, 409, /storage is not played here/],
  ['GET /sandbox/requests?vendor=whatsapp', undefined, 400, /vendor: must be one of waha, /],
  ['POST /sandbox/clock', { advanceSeconds: -1 }, 400, /advanceSeconds: must be more than 0/],
  ['GET /sandbox/clock?after=soon', undefined, 400, /./],
  ['GET /sandbox/nothing', undefined, 404, /There is no GET \/sandbox\/nothing here/],
  ['DELETE /sandbox/messages', undefined, 404, /There is no DELETE/],
  ['GET /nothing', undefined, 404, /There is no GET \/nothing here/],
  ['GET /..%2f..%2fpackage.json', undefined, 404, /There is no GET/],
];

for (const [route, body, status, message] of refused) {
  verifies('application:sandbox-refuses', `${route} ${JSON.stringify(body ?? '').slice(0, 60)}`, async () => {
    const answer = await ask(sandbox, route, body);

    expect(answer).toEqual({ status, body: { error: { message: expect.stringMatching(message) as string } } });
  });
}
