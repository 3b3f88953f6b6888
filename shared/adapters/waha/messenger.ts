import { z } from 'zod';
import { AppError, asAppError } from '../../core/errors.ts';
import type { Messenger, OutgoingText } from '../../ports/messenger.ts';
import { readAs, requestJson, type Fetch, type JsonAnswer, type JsonRequest } from '../request-json.ts';
import { lidOf, phoneOf } from './chat-names.ts';

export interface WahaOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly wahaSession: string;
  readonly timeoutMs: number;
  readonly fetch: Fetch;
}

type Call = (path: string, request?: Partial<Omit<JsonRequest, 'vendor' | 'url'>>) => Promise<JsonAnswer>;

/** @see https://waha.devlike.pro/docs/how-to/send-messages/ and the OpenAPI document of the version in use */
export function createWahaMessenger(options: WahaOptions): Messenger {
  const { wahaSession } = options;
  const call: Call = (path, request = {}) =>
    translated(
      requestJson(options.fetch, {
        vendor: 'waha',
        url: `${options.baseUrl.replace(/\/$/, '')}${path}`,
        timeoutMs: options.timeoutMs,
        ...request,
        headers: { 'x-api-key': options.apiKey },
      }),
    );
  const inSession = (path: string) => `/api/${encodeURIComponent(wahaSession)}${path}`;
  const chatAction = async (path: string, chatId: string, signal?: AbortSignal) => {
    await call(path, { method: 'POST', body: { session: wahaSession, chatId }, signal });
  };

  return {
    sendText: (message, signal) => sendText(call, wahaSession, { message, signal }),
    hasMessage: (_chatId, id, signal) => hasMessage(call, inSession, { id, signal }),
    setTyping: (chatId, typing, signal) => chatAction(typing ? '/api/startTyping' : '/api/stopTyping', chatId, signal),
    markRead: (chatId, signal) => chatAction('/api/sendSeen', chatId, signal),
    lookUpIdentity: (known, signal) => lookUpIdentity(call, inSession, { known, signal }),
    async listIncoming({ sinceMs, untilMs, limit, offset }, signal) {
      const query = new URLSearchParams({
        limit: String(limit),
        offset: String(offset),
        downloadMedia: 'false',
        'filter.timestamp.gte': String(Math.floor(sinceMs / 1_000)),
        'filter.timestamp.lte': String(Math.ceil(untilMs / 1_000)),
        'filter.fromMe': 'false',
      });
      const { body } = await call(inSession(`/chats/all/messages?${query.toString()}`), { signal });
      return readAs(z.array(z.unknown()), body, 'waha').reverse();
    },
    status: (signal) => status(call, wahaSession, signal),
  };
}

async function sendText(
  call: Call,
  wahaSession: string,
  { message, signal }: { message: OutgoingText; signal: AbortSignal | undefined },
): Promise<void> {
  const { id, chatId, text, linkPreview } = message;
  try {
    await call('/api/sendText', { method: 'POST', body: { session: wahaSession, chatId, text, linkPreview, id }, signal });
  } catch (error) {
    throw sendFailure(error);
  }
}

const ServerError = z.object({ exception: z.object({ message: z.string() }) });
const NotFound = z.object({ message: z.string() });

/**
 * By the bare id in all chats: a chat may go by its lid once and by its phone the next time, and both engines find it so.
 * @see https://github.com/devlikeapro/waha/issues/1892
 */
async function hasMessage(
  call: Call,
  inSession: (path: string) => string,
  { id, signal }: { id: string; signal: AbortSignal | undefined },
): Promise<boolean> {
  const path = inSession(`/chats/all/messages/${encodeURIComponent(id)}?downloadMedia=false`);
  const { status, body } = await call(path, { accept: [404, 500], signal });
  if (status < 300) return true;
  if (isMissing(status, body)) return false;
  throw new AppError('upstream', `waha answered ${status} to a look-up`, { vendor: 'waha' });
}

/** NOWEB answers 404 for a message it does not have; GOWS 500, in the words of its storage. */
function isMissing(status: number, body: unknown): boolean {
  if (status === 404) return NotFound.safeParse(body).data?.message === 'Message not found';
  const words = ServerError.safeParse(body).data?.exception.message ?? '';
  return /error getting message by id .*not found/is.test(words);
}

/**
 * What a refused send means: a 500 may have sent, but for the two that WhatsApp itself refused. The body of a 500 echoes
 * the message's text: it is read here and goes no further.
 */
function sendFailure(error: unknown): unknown {
  const known = asAppError(error);
  if (!known) return error;
  const words = ServerError.safeParse(known.cause).data?.exception.message ?? '';
  if (/error 463/.test(words))
    return new AppError('forbidden', 'waha: WhatsApp refuses messages to this new contact (463)', { vendor: 'waha' });
  if (/no LID found/i.test(words)) return new AppError('not-found', 'waha: WhatsApp does not know this chat', { vendor: 'waha' });
  return known.with({ vendor: 'waha', cause: undefined });
}

/** A session that is down (422) and a key that is not taken (401) may be mended while we wait, and did nothing. */
async function translated<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const known = asAppError(error);
    if (known?.code === 'invalid-input' && known.message.endsWith('422'))
      throw new AppError('upstream', 'waha: its session is not working', { vendor: 'waha' });
    if (known?.code === 'unauthorized') throw new AppError('upstream', 'waha answered 401: check its key', { vendor: 'waha' });
    throw error;
  }
}

const Lid = z.object({ lid: z.string().nullish(), pn: z.string().nullish() });

async function lookUpIdentity(
  call: Call,
  inSession: (path: string) => string,
  { known, signal }: { known: { lid: string } | { phone: string }; signal: AbortSignal | undefined },
): Promise<string | undefined> {
  const path = 'lid' in known ? `/lids/${encodeURIComponent(`${known.lid}@lid`)}` : `/lids/pn/${known.phone.replace('+', '')}`;
  const { body } = await call(inSession(path), { signal, accept: [404] });
  const found = Lid.safeParse(body);
  if (!found.success) return undefined;
  return 'lid' in known ? phoneOf(found.data.pn) : lidOf(found.data.lid);
}

const Version = z.object({ version: z.string(), engine: z.string() });
const Session = z.object({
  status: z.string(),
  config: z.object({ noweb: z.object({ store: z.object({ enabled: z.boolean().optional() }).nullish() }).nullish() }).nullish(),
});

async function status(call: Call, wahaSession: string, signal?: AbortSignal) {
  const [server, session] = await Promise.all([
    call('/api/server/version', { signal }),
    call(`/api/sessions/${encodeURIComponent(wahaSession)}`, { signal }),
  ]);
  const { version, engine } = readAs(Version, server.body, 'waha');
  const { status: state, config } = readAs(Session, session.body, 'waha');
  return { version, engine, state, keepsIds: keepsIds(version, engine, config?.noweb?.store?.enabled === true) };
}

/** Ids of our making are honoured since 2026.4.3, by GOWS and NOWEB; NOWEB finds nothing by them without its store. */
function keepsIds(version: string, engine: string, hasNowebStore: boolean): boolean {
  const [year = 0, month = 0, patch = 0] = version.split('.').map(Number);
  const isNewEnough = year > 2026 || (year === 2026 && (month > 4 || (month === 4 && patch >= 3)));
  return isNewEnough && (engine === 'GOWS' || (engine === 'NOWEB' && hasNowebStore));
}
