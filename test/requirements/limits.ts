import type { Requirement } from '../requirements.ts';

export const limitRequirements = {
  'limits:bodies': 'Every body that comes from outside is bounded before it is read to its end.',
  'limits:own-time': "Relative times are resolved against the message's own timestamp.",
  'limits:waited':
    'A message that waited more than 15 minutes may read, but its writes are proposed and not done; a yes does exactly what was proposed.',
  'limits:too-late': 'A message that waited more than 6 hours is answered with an apology and asked for again.',
  'limits:turn-budget': 'A turn has a time budget, at most so many tool rounds and a cap on cost; the model is told to stop.',
  'limits:tool-results': 'A long tool result is cut with a note.',
  'limits:drain': "SIGTERM drains within the host's limit.",
  'limits:bulkheads': 'A vendor that hangs takes no more than its own slots.',
  'limits:time': 'A limit in time ends what waits under it, and holds nothing any more once the work is done.',
  'limits:long-texts': 'However long and odd a text from outside is, reading it holds up nobody else.',
  'limits:probes': 'Whoever asks whether we are ready, and however often, costs each vendor one request in five seconds.',
} as const satisfies Record<string, Requirement>;
