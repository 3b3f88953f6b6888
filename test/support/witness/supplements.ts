import type { OpenApi } from '../contracts.ts';
import type { DocumentedVendor } from './exchanges.ts';

/** An operation that the vendor documents elsewhere: its OpenAPI document, or our cut of it, leaves it out. */
interface Supplement {
  readonly path: string;
  readonly method: string;
  readonly operation: unknown;
  readonly source: string;
}

const json = (schema: unknown) => ({ 'application/json': { schema } });
const graphError = { $ref: '#/components/responses/error' };
const select = { $ref: '#/components/parameters/select' };
const recipients = { type: 'array', items: { $ref: '#/components/schemas/microsoft.graph.recipient' } };
const owners = ['/me', '/users/{user-id}'];
const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };

/** https://learn.microsoft.com/graph/api/resources/message: what is sent and read here. */
const message = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    createdDateTime: { type: 'string', format: 'date-time' },
    lastModifiedDateTime: { type: 'string', format: 'date-time' },
    receivedDateTime: { type: 'string', format: 'date-time' },
    sentDateTime: { type: 'string', format: 'date-time' },
    changeKey: { type: 'string' },
    conversationId: { type: 'string' },
    internetMessageId: { type: 'string' },
    categories: { type: 'array', items: { type: 'string' } },
    subject: { type: ['string', 'null'] },
    bodyPreview: { type: 'string' },
    body: { $ref: '#/components/schemas/microsoft.graph.itemBody' },
    importance: { enum: ['low', 'normal', 'high'] },
    inferenceClassification: { enum: ['focused', 'other'] },
    parentFolderId: { type: 'string' },
    hasAttachments: { type: 'boolean' },
    isDeliveryReceiptRequested: { type: ['boolean', 'null'] },
    isReadReceiptRequested: { type: 'boolean' },
    isRead: { type: 'boolean' },
    isDraft: { type: 'boolean' },
    webLink: { type: 'string' },
    flag: { type: 'object' },
    from: { $ref: '#/components/schemas/microsoft.graph.recipient' },
    sender: { $ref: '#/components/schemas/microsoft.graph.recipient' },
    toRecipients: recipients,
    ccRecipients: recipients,
    bccRecipients: recipients,
    replyTo: recipients,
  },
};

const supplements: Readonly<Record<DocumentedVendor, readonly Supplement[]>> = {
  waha: [
    {
      path: '/api/files/{session}/{file}',
      method: 'get',
      source: 'https://waha.devlike.pro/docs/how-to/receive-messages/#files: the address in `media.url`, with the key',
      operation: {
        parameters: [
          { name: 'session', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'file', in: 'path', required: true, schema: { type: 'string' } },
        ],
        responses: { 200: { description: 'The bytes' } },
      },
    },
  ],
  msgraph: [
    ...owners.map((owner) => ({
      path: `${owner}/sendMail`,
      method: 'post',
      source: 'https://learn.microsoft.com/graph/api/user-sendmail',
      operation: {
        requestBody: {
          required: true,
          content: json({
            type: 'object',
            required: ['message'],
            properties: { message, saveToSentItems: { type: 'boolean' } },
          }),
        },
        responses: { 202: { description: 'Accepted' }, '4XX': graphError, '5XX': graphError },
      },
    })),
    ...owners.map((owner) => ({
      path: `${owner}/mailboxSettings/timeZone`,
      method: 'get',
      source: 'https://learn.microsoft.com/graph/api/user-get-mailboxsettings',
      operation: {
        responses: {
          200: {
            description: 'The zone alone',
            content: json({ type: 'object', required: ['value'], properties: { value: { type: 'string' } } }),
          },
          '4XX': graphError,
          '5XX': graphError,
        },
      },
    })),
    {
      path: '/me/messages',
      method: 'get',
      source: 'https://learn.microsoft.com/graph/api/user-list-messages',
      operation: {
        parameters: [select],
        responses: {
          200: {
            description: 'Messages',
            content: json({
              type: 'object',
              required: ['value'],
              properties: { value: { type: 'array', items: message } },
            }),
          },
          '4XX': graphError,
          '5XX': graphError,
        },
      },
    },
    {
      path: '/me/messages/{id}',
      method: 'get',
      source: 'https://learn.microsoft.com/graph/api/message-get',
      operation: {
        parameters: [id, select],
        responses: { 200: { description: 'Message', content: json(message) }, '4XX': graphError, '5XX': graphError },
      },
    },
  ],
  openai: [
    {
      path: '/models/{model}',
      method: 'get',
      source: 'https://platform.openai.com/docs/api-reference/models/retrieve',
      operation: {
        parameters: [{ name: 'model', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'Model', content: json({ $ref: '#/components/schemas/Model' }) } },
      },
    },
  ],
};

export function withSupplements(vendor: DocumentedVendor, document: OpenApi): OpenApi {
  const paths: Record<string, Record<string, unknown>> = { ...document.paths };
  for (const { path, method, operation } of supplements[vendor]) paths[path] = { ...paths[path], [method]: operation };
  return { ...document, paths };
}
