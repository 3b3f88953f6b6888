import type { DocumentedVendor } from './exchanges.ts';

/**
 * A place where a vendor's document is wrong about the vendor, what stands there instead, and what proves it. A test
 * holds the corrected document against everything that was captured of a real WAHA.
 */
export interface Correction {
  readonly vendor: DocumentedVendor;
  /** Schemas by name, or one answer. */
  readonly schemas?: readonly string[];
  readonly answer?: { readonly operation: string; readonly status: string };
  /** Properties that may be left out. */
  readonly optional?: readonly string[];
  /** Properties that may be null. */
  readonly nullable?: readonly string[];
  /** Properties that the document does not know. */
  readonly added?: Readonly<Record<string, unknown>>;
  /** Other schemas for properties, or for an answer. */
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly becomes?: unknown;
  readonly reason: string;
  readonly source: string;
}

const captures = 'waha-captured-webhooks.json';
const samples = 'waha-rest-samples.json';
const messages = ['WAMessage', 'WAMessageEditedBody'];

const nowebSent = {
  type: 'object',
  required: ['key', 'message', 'messageTimestamp', 'status'],
  properties: {
    key: {
      type: 'object',
      required: ['remoteJid', 'fromMe', 'id'],
      properties: { remoteJid: { type: 'string' }, fromMe: { const: true }, id: { type: 'string' } },
    },
    message: { type: 'object' },
    messageTimestamp: { type: 'string', pattern: '^\\d+$' },
    participant: { type: 'string' },
    status: { type: 'string' },
  },
  additionalProperties: false,
};
const gowsSent = {
  type: 'object',
  required: ['id', '_data'],
  properties: { id: { type: 'string', pattern: '^true_[^_]+_[^_]+' }, _data: { type: 'object' } },
  additionalProperties: false,
};

export const corrections: readonly Correction[] = [
  {
    vendor: 'waha',
    schemas: [...messages, 'WAMessageReaction', 'WAMessageAckBody'],
    optional: ['to', 'participant'],
    nullable: ['to', 'participant'],
    reason: 'In a chat of two NOWEB leaves them out and GOWS writes null',
    source: `${captures}: message, message.ack, message.reaction; facts on WAHA 1.7 for GOWS`,
  },
  {
    vendor: 'waha',
    schemas: messages,
    optional: ['mediaUrl'],
    nullable: ['body', 'media', 'location', 'replyTo', 'vCards'],
    reason: 'The deprecated mediaUrl is gone, and what a message does not have is null',
    source: `${captures}: message`,
  },
  {
    vendor: 'waha',
    schemas: ['WAMedia'],
    nullable: ['filename'],
    reason: 'Pictures have no name',
    source: `${captures}: message with an image`,
  },
  {
    vendor: 'waha',
    schemas: ['ReplyToMessage'],
    optional: ['hasMedia'],
    nullable: ['media'],
    reason: 'hasMedia came with 2026.4.1; media is null as in the message itself',
    source: `${captures}: "yes to that", of 2026.2.1`,
  },
  {
    vendor: 'waha',
    schemas: ['WAHAEnvironment'],
    nullable: ['browser'],
    reason: 'NOWEB and GOWS have no browser',
    source: `${captures}: every environment`,
  },
  {
    vendor: 'waha',
    schemas: ['WorkerInfo'],
    nullable: ['id'],
    reason: 'A server that is no worker has null, as the same document says of WAHAEnvironment',
    source: `${captures}: every environment`,
  },
  {
    vendor: 'waha',
    schemas: ['SessionInfo', 'WAHAWebhookSessionStatus'],
    nullable: ['me'],
    reason: 'Before somebody is signed in there is no account',
    source: `${captures}: session.status with STARTING`,
  },
  {
    vendor: 'waha',
    answer: { operation: 'GET /api/sessions/{session}/me', status: '200' },
    becomes: { anyOf: [{ $ref: '#/components/schemas/MeInfo' }, { type: 'null' }] },
    reason: 'Before somebody is signed in there is no account',
    source: 'https://waha.devlike.pro/docs/how-to/sessions/#get-me',
  },
  {
    vendor: 'waha',
    schemas: ['WAMessageRevokedBody'],
    nullable: ['before'],
    reason: 'What the message was is not always known',
    source: `${captures}: message.revoked`,
  },
  {
    vendor: 'waha',
    schemas: ['WAHAPresenceData'],
    nullable: ['lastSeen'],
    reason: 'Who is typing was not last seen',
    source: `${captures}: presence.update`,
  },
  {
    vendor: 'waha',
    schemas: ['LidToPhoneNumber'],
    nullable: ['lid', 'pn'],
    reason: 'The name that is not known is null',
    source: `${samples}: lid->pn, pn->lid`,
  },
  {
    vendor: 'waha',
    answer: { operation: 'POST /api/sendText', status: '201' },
    becomes: { anyOf: [nowebSent, gowsSent] },
    reason: 'Each engine answers in its own words, and none a WAMessage',
    source: `${samples}: sendText; facts on WAHA 3.2 for GOWS`,
  },
  {
    vendor: 'waha',
    answer: { operation: 'POST /api/sendSeen', status: '201' },
    becomes: undefined,
    reason: 'With ids of messages nothing is answered, without them `{ids}`',
    source: `${samples}: sendSeen, sendSeen no ids`,
  },
  {
    vendor: 'waha',
    schemas: ['WebhookConfig'],
    properties: { events: { type: 'array', items: { type: 'string' } } },
    reason: 'Called objects, while its own example lists texts',
    source: 'waha.openapi.json: WebhookConfig.events.example',
  },
  {
    vendor: 'waha',
    schemas: ['SessionInfo'],
    properties: { presence: { enum: ['offline', 'online', 'typing', 'recording', 'paused', null] } },
    reason: 'Called an object, while what is set is one of these texts',
    source: 'waha.openapi.json: WAHASessionPresence.presence',
  },
  {
    vendor: 'waha',
    schemas: ['SessionInfo'],
    added: { engine: { type: 'object' } },
    reason: 'Every session tells the state of its engine',
    source: 'facts on WAHA 3.2: GET /api/sessions/{s}',
  },
  {
    vendor: 'waha',
    schemas: ['MeInfo'],
    added: { reachoutTimelock: { type: ['object', 'null'] }, messageCapping: { type: ['object', 'null'] } },
    reason: 'Later than the document: since 2026.7.2',
    source: 'facts on WAHA 1.5 and 3.3, from the source of 2026.8.2',
  },
  {
    vendor: 'waha',
    schemas: ['WANumberExistResult'],
    added: { pn: { type: 'string' } },
    reason: 'Later than the document',
    source: 'facts on WAHA 3.2, from the source of 2026.8.2',
  },
  {
    vendor: 'openai',
    schemas: ['Response'],
    added: { store: { type: 'boolean' } },
    reason: 'Told in every answer, and in the document by its example alone',
    source: 'openai-subset.openapi.json: Response.example',
  },
  {
    vendor: 'openai',
    schemas: ['Model'],
    added: { description: { type: 'string' } },
    reason: 'Where the stand-in says to people that it is rules and no language model; no program reads it',
    source: 'sandbox/openai/README.md',
  },
  {
    vendor: 'openai',
    schemas: ['Embedding'],
    properties: {
      embedding: {
        anyOf: [
          { type: 'array', items: { type: 'number' } },
          { type: 'string', format: 'byte' },
        ],
      },
    },
    reason: 'With `encoding_format: base64`, which the vendor’s own client asks for, it is a text',
    source: 'openai-subset.openapi.json: CreateEmbeddingRequest.encoding_format',
  },
];
