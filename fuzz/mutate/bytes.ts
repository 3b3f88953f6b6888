import { deflateSync, gzipSync } from 'node:zlib';
import type { Random } from '../../sandbox/kit/random.ts';

/** The bytes with something done to them: flipped, cut, doubled, overwritten, or written in another encoding. */
export function mutateBytes(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  const length = random.below(Math.min(32, bytes.length) + 1);
  switch (random.below(8)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      for (let time = 0; time <= random.below(8) && flipped.length > 0; time += 1) {
        const index = random.below(flipped.length);
        flipped[index] = (flipped[index] ?? 0) ^ (1 << random.below(8));
      }
      return flipped;
    }
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return bytes.subarray(at);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), random.bytes(length), bytes.subarray(at)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 5:
      return Buffer.concat([bytes, bytes]);
    case 6:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.alloc(length, random.pick([0, 0xff, 0x80])),
        bytes.subarray(at + length),
      ]);
    default:
      return reencoded(random, bytes);
  }
}

function reencoded(random: Random, bytes: Buffer): Buffer {
  const text = bytes.toString('utf8');
  switch (random.below(6)) {
    case 0:
      return Buffer.from(text, 'utf16le');
    case 1:
      return Buffer.from(text, 'latin1');
    case 2:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    case 3:
      return gzipSync(bytes);
    case 4:
      return deflateSync(bytes);
    default:
      return Buffer.from(bytes.toString('base64'));
  }
}
