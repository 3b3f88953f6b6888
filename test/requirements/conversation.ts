import type { Requirement } from '../requirements.ts';

export const conversationRequirements = {
  'conversation:webhook-signature':
    'A missing or wrong signature is answered 401, counted, at most one audit line a minute and address, and nothing is stored.',
  'conversation:webhook-malformed':
    'Malformed or oversized bodies, unknown events, group, status and own messages are answered as WAHA needs, with the reason in the log.',
  'conversation:webhook-stale': 'A webhook older than six hours is refused.',
  'conversation:captured-requests': 'All 63 captured WAHA requests are handled without an error, each with its asserted outcome.',
  'conversation:webhook-durable': 'A webhook is answered 2xx only once its message is durably stored; else 503.',
  'conversation:once': 'A message is worked on once, whatever is repeated.',
  'conversation:identity-pairs':
    'Lid and phone of one person lead to one conversation, in whatever order and however parallel they arrive; a recycled number opens a new one.',
  'conversation:recycled-by-number':
    'Of a number that comes without its lid the bridge is asked for it, once an hour at most: who has the number now is not taken for who had it.',
  'conversation:lease':
    'A lease is taken by one conditional patch, fences every later batch, and is taken over only after its owner is gone, with a growing wait.',
  'conversation:calls-recorded':
    'Calls are recorded before the first is performed, and a second run finishes them before it asks the model anything.',
  'conversation:writes-settle': 'A write is performed only through its operation and settles by repeat, look-up or as unknown.',
  'conversation:reply-once': 'A part of a reply is looked up before it is sent again and keeps its id.',
  'conversation:send-without-ids':
    'By a bridge that keeps no ids, what nobody tried to send is sent once, and what may have been sent never again.',
  'conversation:parked': 'What may pass later is parked and retried; later messages wait behind it.',
  'conversation:failure': 'What fails for good is recorded with its reason and the person is told once.',
  'conversation:overdue': 'Whatever is due for more than a minute is rung again; an extra bell is harmless.',
  'conversation:few-bells':
    'Bells do not multiply, however long a turn is parked, an erasure waits or the audit trail is away, or a burst meets a lease: a moment is rung for once, and a lost bell is made up for.',
  'conversation:catch-up':
    'What WAHA never delivered is read from it, the oldest first; what is too much for one run, by the next.',
  'conversation:burst':
    'The due messages of a conversation that were written within a quarter of an hour are one turn, in order; what was written later is the next.',
  'conversation:acks': 'Statuses of replies only move forward.',
  'conversation:ack-cost': 'An ack costs the same however many replies are kept, and one of a message that is not ours nothing.',
  'conversation:cost': 'A turn without writes costs at most 12 Cosmos requests and 100 request units.',
  'conversation:encrypted': 'Message text, names and numbers are stored encrypted under the key of the conversation.',
  'journey:first-answer': "Ana's question about tomorrow is answered with exactly her events in her zone.",
  'journey:book-review': "A meeting booked with Ben is in Ben's calendar too, and the answer has its receipt.",
  'journey:guarantee-1': 'A webhook met by a dead store is answered 503 and nothing is lost when it returns.',
  'journey:guarantee-2': 'A message repeated by WAHA and by the queue is answered once.',
  'journey:guarantee-3': 'An application killed in mid-turn answers once and writes once.',
  'journey:guarantee-4': 'A send that failed after it was done is not shown twice.',
  'journey:guarantee-5': 'A turn that cannot succeed is recorded, and the person is told once.',
  'conversation:bridge-checked': 'A bridge that keeps no message ids of ours is worked with only where a setting says so.',
  'journey:eva-signs-in': 'Eva is led from her first message through sign-in to her first answer.',
  'journey:expired-grant': 'A grant that ran out brings a new sign-in link in the chat.',
  'conversation:merge-order': 'Where two conversations are merged, what is due in the other is worked off first.',
  'conversation:passes-parked': 'STOP, an erasure and "cancel that" pass a parked turn, as a sign-in code does.',
  'conversation:stop': 'After STOP nothing is sent unasked; each part of a proactive reply reads the preferences again.',
  'conversation:stop-merged': 'Where two conversations became one, a STOP that was said in either counts.',
  'conversation:cancel-merged':
    'Where two conversations became one, "cancel that" reaches what is parked in the former one, and STOP what waits there to be said.',
  'conversation:replay': 'An admin lists what failed and replays it: the same turn is due again, as a new run.',
  'conversation:pause':
    'A pause changes no document: handlers complete without working, but for the admin who paused, and afterwards what is overdue is rung steadily.',
  'conversation:erasure':
    'An erasure marks the lease, drops the keys, and leaves a tombstone that no repeat and no catch-up undoes.',
  'conversation:rate-buckets':
    "The person's rate buckets stand on the lease and bound what one person can make the application do.",
  'conversation:audit-lines': 'A turn appends its audit lines before it releases its lease.',
} as const satisfies Record<string, Requirement>;
