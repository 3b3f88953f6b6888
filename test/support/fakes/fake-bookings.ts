import { z } from 'zod';
import type { VendorWrite } from '../../../shared/ports/operation.ts';
import { defineTool } from '../../../shared/tools/define-tool.ts';

export interface Booking {
  readonly id: string;
  readonly key: string;
  readonly subject: string;
}

/** A vendor that things are booked with. */
export interface Bookings {
  create(subject: string, key: string): Promise<Booking>;
  find(key: string): Promise<Booking | undefined>;
  list(): Promise<readonly Booking[]>;
}

export interface FakeBookings extends Bookings {
  /** What is booked; a double stands here twice. */
  readonly booked: Booking[];
  /** The next bookings fail so; with `done`, after they were made. */
  nextCreates(...outcomes: readonly ({ readonly fails: Error; readonly done: boolean } | undefined)[]): void;
}

/** @param folds Whether the vendor knows a repeat by its key; else it books whatever it is sent. */
export function createFakeBookings({ folds = false } = {}): FakeBookings {
  const booked: Booking[] = [];
  const outcomes: ({ readonly fails: Error; readonly done: boolean } | undefined)[] = [];
  const find = (key: string) => booked.find((booking) => booking.key === key);
  const book = (subject: string, key: string): Booking => {
    const earlier = folds ? find(key) : undefined;
    if (earlier) return earlier;
    const booking = { id: `b${booked.length + 1}`, key, subject };
    booked.push(booking);
    return booking;
  };
  return {
    booked,
    nextCreates: (...next) => void outcomes.push(...next),
    create(subject, key) {
      const outcome = outcomes.shift();
      if (!outcome) return Promise.resolve(book(subject, key));
      if (outcome.done) book(subject, key);
      return Promise.reject(outcome.fails);
    },
    find: (key) => Promise.resolve(find(key)),
    list: () => Promise.resolve([...booked]),
  };
}

export type Settling = 'look-up' | 'repeat' | 'never';

/** The tools of that vendor: `book` writes, `list_bookings` reads. */
export function createBookingTools(bookings: Bookings, settling: Settling) {
  const settle = (): VendorWrite<Booking>['settle'] => (settling === 'look-up' ? (key) => bookings.find(key) : settling);
  const subject = z.string().min(1).max(100);
  return [
    defineTool({
      name: 'book',
      description: 'Books something.',
      role: 'user',
      effect: 'write',
      input: z.object({ subject }),
      output: z.object({ id: z.string(), key: z.string(), subject }),
      fromPerson: () => [],
      proposal: ({ subject }) => `Book: ${subject}`,
      receipt: (booking) => `✓ Booked: ${booking.subject}`,
      run: (input, { operation }) =>
        operation.run('create', { perform: (key) => bookings.create(input.subject, key), settle: settle() }),
    }),
    defineTool({
      name: 'list_bookings',
      description: 'Lists what is booked.',
      role: 'user',
      effect: 'read',
      input: z.object({}),
      output: z.object({ subjects: z.array(z.string()) }),
      run: async () => ({ subjects: (await bookings.list()).map((booking) => booking.subject) }),
    }),
  ];
}
