import { z } from 'zod';
import { rights } from '../access.ts';
import { BodyInput, ImportanceInput, RecipientInput } from '../calendar/input.ts';
import { asText, previewOf } from '../calendar/render.ts';
import { asHtml } from '../calendar/content.ts';
import { badRequest, GraphFailure, itemNotFound, notPlayed } from '../errors.ts';
import { readBody, typeOf } from '../odata/body.ts';
import type { Literal } from '../odata/filter.ts';
import { nextLink, pageOf, selected } from '../odata/page.ts';
import type { QueryRules } from '../odata/query.ts';
import { accessOf, contextUrl, mailboxRoutes, queryOf, type Answer, type Call, type Route } from '../routes.ts';
import { isoSeconds } from '../time.ts';
import type { Mailbox, StoredMessage } from './model.ts';
import { deliver } from './post.ts';

const MessageInput = typeOf({
  subject: z.string().nullish(),
  body: BodyInput.nullish(),
  toRecipients: z.array(RecipientInput).default([]),
  ccRecipients: z.array(RecipientInput).default([]),
  bccRecipients: z.array(RecipientInput).default([]),
  importance: ImportanceInput.default('normal'),
  attachments: z.array(z.unknown()).optional(),
  from: z.unknown().optional(),
  sender: z.unknown().optional(),
  replyTo: z.unknown().optional(),
  internetMessageHeaders: z.unknown().optional(),
});
const SendMailInput = typeOf({ message: MessageInput, saveToSentItems: z.boolean().nullish() });
const types = {
  '': 'sendMail',
  message: 'message',
  'message/body': 'itemBody',
  'message/toRecipients': 'recipient',
  'message/toRecipients/emailAddress': 'emailAddress',
};
const unplayed = ['attachments', 'from', 'sender', 'replyTo', 'internetMessageHeaders'] as const;

function sendMail(call: Call): Answer {
  const { owner } = accessOf(call);
  const body = call.body() as Record<string, unknown>;
  const { Message, SaveToSentItems, ...rest } = body;
  const renamed = {
    ...rest,
    ...(Message === undefined ? {} : { message: Message }),
    ...(SaveToSentItems === undefined ? {} : { saveToSentItems: SaveToSentItems }),
  };
  const { message, saveToSentItems } = readBody(SendMailInput, renamed, types);
  const missing = unplayed.find((name) => message[name] !== undefined);
  if (missing !== undefined) throw notPlayed(`the property '${missing}' of a message`);
  const [to, cc, bcc] = [message.toRecipients, message.ccRecipients, message.bccRecipients].map((list) => list.map(recipientOf));
  if ([to, cc, bcc].every((list) => list?.length === 0)) throw invalidRecipients();
  deliver(call.world, owner, {
    subject: message.subject ?? '',
    body: { contentType: message.body?.contentType ?? 'text', content: message.body?.content ?? '' },
    to: to ?? [],
    cc: cc ?? [],
    bcc: bcc ?? [],
    importance: message.importance,
    keepsCopy: saveToSentItems ?? true,
  });
  return { status: 202 };
}

const invalidRecipients = () =>
  new GraphFailure(400, 'ErrorInvalidRecipients', {
    message: 'At least one recipient is not valid., Recipient cannot be resolved.',
  });

function recipientOf({ emailAddress }: z.output<typeof RecipientInput>): Mailbox {
  const address = emailAddress.address?.trim() ?? '';
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw invalidRecipients();
  return { address, name: emailAddress.name ?? address };
}

function renderMessage(message: StoredMessage, bodyType: 'html' | 'text'): Record<string, unknown> {
  const { id, subject, body, from, to, cc, receivedAt, importance } = message;
  const recipients = (list: readonly Mailbox[]) => list.map((emailAddress) => ({ emailAddress }));
  const changeKey = Buffer.from(id.slice(8, 24)).toString('base64');
  return {
    '@odata.etag': `W/"${changeKey}"`,
    id,
    createdDateTime: isoSeconds(receivedAt),
    lastModifiedDateTime: isoSeconds(receivedAt),
    changeKey,
    receivedDateTime: isoSeconds(receivedAt),
    sentDateTime: isoSeconds(receivedAt),
    hasAttachments: false,
    subject,
    bodyPreview: previewOf(body),
    importance,
    isRead: false,
    isDraft: false,
    body: { contentType: bodyType, content: bodyType === 'text' ? asText(body) : asHtml(body) },
    sender: { emailAddress: from },
    from: { emailAddress: from },
    toRecipients: recipients(to),
    ccRecipients: recipients(cc),
    bccRecipients: [],
    replyTo: [],
  };
}

const sample = { id: '', subject: '', body: { contentType: 'text', content: '' }, to: [], cc: [], receivedAt: 0 };
const properties = new Set(Object.keys(renderMessage(sample as unknown as StoredMessage, 'text')));
const rules: QueryRules = { options: ['$select'], properties, type: 'message', maxTop: 1000 };
const listRules: QueryRules = { ...rules, options: ['$select', '$top', '$skip', '$filter', '$orderby', '$count'] };

const filterable: Readonly<Record<string, (message: StoredMessage) => Literal>> = {
  subject: ({ subject }) => subject,
  receivedDateTime: ({ receivedAt }) => isoSeconds(receivedAt),
  'from/emailAddress/address': ({ from }) => from.address,
};

function resolveMessage(message: StoredMessage, path: string): Literal {
  const value = filterable[path];
  if (!value) throw badRequest(`Invalid filter clause: '${path}' is not supported on type 'microsoft.graph.message'.`);
  return value(message);
}

/** All folders, the newest first. */
function listMessages(call: Call): Answer {
  const { owner } = accessOf(call);
  const { world, url, prefer } = call;
  const query = queryOf(call, listRules);
  const own = world.store.messages.values().filter(({ mailbox }) => mailbox === owner.oid);
  const page = pageOf(own.reverse(), query, { resolve: resolveMessage, pageSize: 10 });
  return {
    status: 200,
    body: {
      '@odata.context': contextUrl(call, `users('${owner.oid}')/messages`),
      ...(page.count === undefined ? {} : { '@odata.count': page.count }),
      value: page.items.map((message) => selected(renderMessage(message, prefer.bodyType), query.select)),
      ...(page.nextSkip === undefined
        ? {}
        : { '@odata.nextLink': nextLink(url, world.publicOrigin, { name: '$skip', value: String(page.nextSkip) }) }),
    },
  };
}

function getMessage(call: Call): Answer {
  const { owner } = accessOf(call);
  const { select } = queryOf(call, rules);
  const message = call.world.store.messages.get(call.path['message-id'] ?? '');
  if (message?.mailbox !== owner.oid) throw itemNotFound();
  const context = contextUrl(call, `users('${owner.oid}')/messages/$entity`);
  return { status: 200, body: { '@odata.context': context, ...selected(renderMessage(message, call.prefer.bodyType), select) } };
}

export const messageRoutes: readonly Route[] = [
  ...mailboxRoutes('POST', ['/sendMail'], { rights: rights.sendMail, handle: sendMail }),
  ...mailboxRoutes('GET', ['/messages'], { rights: rights.readMail, handle: listMessages }),
  ...mailboxRoutes('GET', ['/messages/{message-id}'], { rights: rights.readMail, handle: getMessage }),
];
