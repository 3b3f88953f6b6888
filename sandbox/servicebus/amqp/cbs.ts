import { createHmac, timingSafeEqual } from 'node:crypto';
import rhea from 'rhea';
import { reply, type AmqpRequest, type Peer } from './peer.ts';

/** The one key of the sandbox's namespace. */
export const sharedAccess = { keyName: 'RootManageSharedAccessKey', key: 'sandbox-servicebus-key' } as const;

/**
 * Claims-based security: a client puts a token for each path before it opens a link there.
 * @see https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide#claims-based-authorization
 */
export function answerCbs(peer: Peer, request: AmqpRequest): void {
  const { status, description } = putToken(peer, request);
  reply(peer, request, {
    properties: { 'status-code': rhea.types.wrap_int(status), 'status-description': description },
  });
}

function putToken(peer: Peer, { properties, body }: AmqpRequest): { status: number; description: string } {
  const { operation, type, name } = properties;
  if (operation !== 'put-token' || typeof name !== 'string') {
    return { status: 400, description: 'sandbox/servicebus plays put-token only.' };
  }
  if (type !== 'servicebus.windows.net:sastoken') {
    return { status: 401, description: 'sandbox/servicebus takes shared access signatures, no other tokens.' };
  }
  const granted = resourceOf(String(body));
  if (granted === undefined) return { status: 401, description: 'InvalidSignature: The token has an invalid signature.' };
  if (!pathOfUri(name).startsWith(granted)) return { status: 401, description: `The token is not for '${name}'.` };
  peer.authorized.add(pathOfUri(name));
  return { status: 202, description: 'Accepted' };
}

/** The path that a shared access signature is for, if it is signed with our key. Its expiry is the client's own affair. */
function resourceOf(token: string): string | undefined {
  const [scheme, fields] = token.split(' ', 2);
  if (scheme !== 'SharedAccessSignature' || fields === undefined) return undefined;
  const field = (key: string) => new RegExp(`(?:^|&)${key}=([^&]*)`).exec(fields)?.[1] ?? '';
  const expected = createHmac('sha256', sharedAccess.key)
    .update(`${field('sr')}\n${field('se')}`)
    .digest();
  const signature = Buffer.from(decodeURIComponent(field('sig')), 'base64');
  if (field('skn') !== sharedAccess.keyName || signature.length !== expected.length) return undefined;
  return timingSafeEqual(signature, expected) ? pathOfUri(decodeURIComponent(field('sr'))) : undefined;
}

/** `sb://localhost:5672/bells/` → `bells` */
const pathOfUri = (uri: string): string =>
  uri
    .toLowerCase()
    .replace(/^[a-z]+:\/\/[^/]*/, '')
    .replace(/^\/|\/$/g, '');
