import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { mutateBytes } from '../mutate/bytes.ts';
import type { Random } from '../../sandbox/kit/random.ts';
import type { RawShot } from '../shot.ts';
import type { Target } from '../target.ts';

/** What a client wrote over one connection, in its pieces. */
export type Dialogue = readonly Buffer[];

/** Listens to what a real client writes, by standing between it and the port. */
export async function record(port: number, drive: (recordingPort: number) => Promise<void>): Promise<Dialogue[]> {
  const dialogues: Buffer[][] = [];
  const server = createServer((client) => {
    const upstream = connect({ port, host: '127.0.0.1' });
    const pieces: Buffer[] = [];
    dialogues.push(pieces);
    client.on('data', (piece: Buffer) => {
      pieces.push(piece);
      upstream.write(piece);
    });
    upstream.pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => undefined);
      one.once('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await drive((server.address() as AddressInfo).port);
  server.close();
  return dialogues.filter((dialogue) => dialogue.length > 0);
}

/** Recorded dialogues with pieces changed, gone, doubled or in another order, written without waiting for an answer. */
export function createSocketTarget(options: {
  readonly port: number;
  readonly dialogues: readonly Dialogue[];
  readonly healthy: () => Promise<void>;
}): Target {
  const { port, dialogues } = options;
  return {
    under: 'standIns',
    url: '',
    make: (random) => ({ port, ...changed(random, random.pick(dialogues)) }),
    judge: () => undefined,
    outcome: ({ status, body }) => `${status === 'closed' ? 'hung up' : 'went on'}${body === '' ? ' without a word' : ''}`,
    healthy: () =>
      options.healthy().then(
        () => undefined,
        (error: unknown) => `an ordinary client failed: ${String(error)}`,
      ),
  };
}

function changed(random: Random, dialogue: Dialogue): Pick<RawShot, 'label' | 'pieces'> {
  const pieces = [...dialogue];
  const at = random.below(pieces.length);
  const piece = pieces[at] ?? Buffer.alloc(0);
  switch (random.below(7)) {
    case 0:
      return { label: 'noise', pieces: [...pieces.slice(0, at), random.bytes(random.pick([1, 7, 64, 4_096]))] };
    case 1:
      return { label: 'cut short', pieces: [...pieces.slice(0, at), piece.subarray(0, random.below(piece.length))] };
    case 2:
      return { label: 'one gone', pieces: pieces.toSpliced(at, 1) };
    case 3:
      return { label: 'one doubled', pieces: pieces.toSpliced(at, 0, piece) };
    case 4:
      return { label: 'swapped', pieces: pieces.toSpliced(at, 1).toSpliced(random.below(pieces.length), 0, piece) };
    case 5:
      return { label: 'lengths', pieces: pieces.with(at, withOtherLength(random, piece)) };
    default:
      return {
        label: 'bytes',
        pieces: pieces.map((each) => (random.chance(2 / pieces.length) ? mutateBytes(random, each) : each)),
      };
  }
}

const lengths = [0, 1, 3, 4, 7, 8, 255, 65_536, 0x7fffffff, 0xffffffff] as const;

/** Protocols begin a frame with its length: somewhere near the beginning stands another one. */
function withOtherLength(random: Random, piece: Buffer): Buffer {
  const copy = Buffer.from(piece);
  if (copy.length >= 8) copy.writeUInt32BE(random.pick(lengths), random.below(Math.min(copy.length - 4, 16)));
  return copy;
}
