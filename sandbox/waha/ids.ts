import { randomBytes } from 'node:crypto';

const crockford = '0123456789abcdefghjkmnpqrstvwxyz';

/** `evt_` and a lower-case ULID. */
export function newEventId(timestampMs: number): string {
  let time = '';
  for (let rest = timestampMs, index = 0; index < 10; index += 1, rest = Math.floor(rest / 32)) {
    time = `${crockford[rest % 32] ?? ''}${time}`;
  }
  return `evt_${time}${[...randomBytes(16)].map((byte) => crockford[byte % 32] ?? '').join('')}`;
}

// The request id of a real WAHA is a mark of the process and its strictly rising time, both in base 36.
const processMark = [...randomBytes(9)].map((byte) => (byte % 36).toString(36)).join('');
let lastTime = 0;

export function newRequestId(): string {
  lastTime = Math.max(Date.now(), lastTime + 1);
  return `${processMark}${lastTime.toString(36)}`;
}

/** As a linked device makes them: `3EB0` and 18 hex digits. */
export const newDeviceMessageId = (): string => `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;

/** As a phone makes them. */
export const newPhoneMessageId = (): string => `3A${randomBytes(9).toString('hex').toUpperCase()}`;

export const serializedId = (message: { fromMe: boolean; chatId: string; id: string }): string =>
  `${message.fromMe}_${message.chatId}_${message.id}`;

/** The bare id of `{fromMe}_{chatId}_{id}[_{participant}]`, or the id itself where it is bare already. */
export function bareId(id: string): string {
  const [first, , bare] = id.split('_');
  return (first === 'true' || first === 'false') && bare !== undefined ? bare : id;
}
