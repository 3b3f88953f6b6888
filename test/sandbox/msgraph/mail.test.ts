import { ResponseType } from '@microsoft/microsoft-graph-client';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';
import { emailOf, errorOf, listOf, startMsgraph } from './start.ts';

const to = (...addresses: string[]) => addresses.map((address) => ({ emailAddress: { address } }));
const letter = (rest: Record<string, unknown> = {}) => ({
  message: {
    subject: 'Linked',
    body: { contentType: 'HTML', content: '<p>Your number is linked.</p>' },
    toRecipients: to(emailOf('ben')),
    ...rest,
  },
});

verifies('msgraph:send-mail', 'a mail lies in the recipient’s inbox and in the sender’s sent items', async () => {
  const { client, call, msgraph } = await startMsgraph();

  const response = (await client('ana').api('/me/sendMail').responseType(ResponseType.RAW).post(letter())) as Response;
  const [received, sent] = [await call('ben', 'GET /me/messages'), await call('ana', 'GET /me/messages?$select=subject')];

  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([202, null, '']);
  expect(msgraph.mailbox(emailOf('ben'))).toMatchObject([
    { subject: 'Linked', from: emailOf('ana'), to: [emailOf('ben')], bodyPreview: 'Your number is linked.' },
  ]);
  expect(listOf(received)).toMatchObject([{ subject: 'Linked', from: { emailAddress: { address: emailOf('ana') } } }]);
  expect([listOf(sent).length, msgraph.mailbox(emailOf('ana'))]).toEqual([1, []]);
});

verifies('msgraph:send-mail', 'a mail is read by its id, by its owner alone, as text where preferred', async () => {
  const { call } = await startMsgraph();
  await call('ana', 'POST /me/sendMail', { body: { ...letter(), saveToSentItems: false } });
  const path = `/me/messages/${String(listOf(await call('ben', 'GET /me/messages'))[0]?.['id'])}`;

  const own = await call('ben', `GET ${path}`, { headers: { prefer: 'outlook.body-content-type="text"' } });
  const others = await call('ana', `GET ${path}`);

  expect(own.body['body']).toEqual({ contentType: 'text', content: 'Your number is linked.' });
  expect([others.status, errorOf(others).code]).toEqual([404, 'ErrorItemNotFound']);
});

verifies('msgraph:send-mail', 'mail without recipients, for somebody else or half understood is not sent', async () => {
  const { call, msgraph } = await startMsgraph();

  const nobody = await call('ana', 'POST /me/sendMail', { body: letter({ toRecipients: [] }) });
  const noAddress = await call('ana', 'POST /me/sendMail', { body: letter({ toRecipients: to('Ben') }) });
  const forBen = await call('ana', `POST /users/${emailOf('ben')}/sendMail`, { body: letter() });
  const unknown = await call('ana', 'POST /me/sendMail', { body: letter({ text: 'x' }) });
  const attached = await call('ana', 'POST /me/sendMail', { body: letter({ attachments: [{}] }) });

  expect([nobody, noAddress].map((answer) => errorOf(answer).code)).toEqual(Array(2).fill('ErrorInvalidRecipients'));
  expect([forBen.status, errorOf(unknown).code, attached.status]).toEqual([403, 'RequestBodyRead', 501]);
  expect(msgraph.mailbox(emailOf('ben'))).toEqual([]);
});
