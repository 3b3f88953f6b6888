import type { Requirement } from '../requirements.ts';

export const chaosRequirements = {
  'chaos:every-step':
    'The application is killed before and after every named step of a turn, and each person gets each answer once, each event once.',
  'chaos:steps-listed': 'Every request that a turn makes belongs to a named step: a new one is covered, or the build fails.',
  'chaos:second-wording': 'A model that words its second answer differently changes nothing that was recorded.',
  'chaos:frozen':
    'A worker frozen for longer than its lease at any step does no harm when it goes on, though its requests land late.',
  'chaos:waha':
    'WAHA repeats, reorders, doubles as lid and phone, drops the connection, holds back, forgets, refuses sends and loses its session: nothing is lost or doubled.',
  'chaos:broker': 'The broker loses locks, redelivers, and loses every bell for ten minutes: everything is answered once.',
  'chaos:cosmos': 'Cosmos answers 429, 449, 412 and 503, and reads from before the last write: nothing is lost or doubled.',
  'chaos:postgres':
    'Postgres drops connections in mid-transaction, is emptied in mid-turn, and holds a checkpoint of another version of the graph: the turn ends once.',
  'chaos:msgraph': 'Microsoft Graph answers 429 with Retry-After, and 504 after it did the work: each event stands once.',
  'chaos:model':
    'A model that is slow, cuts a stream, calls a tool that is not there, sends invalid arguments, loops, or claims what it did not do harms nothing.',
  'chaos:instances': 'Two and three instances at once answer each message once.',
  'chaos:two-workers':
    "Where two workers of one turn wait for the model, the loser's answer changes nothing, and repeated call ids are told apart.",
  'chaos:webhook-down': 'With Cosmos or the queue down the webhook answers 503, and nothing is lost when it returns.',
  'chaos:poison':
    'A poison turn beside 60 healthy ones is recorded with its reason and told once; the others are unharmed; an admin lists and replays it.',
  'chaos:vendor-down': 'With a whole vendor down for an hour nothing is dead-lettered, and everything is answered after.',
  'chaos:recycled-number': 'A recycled number gets nothing of its former owner, and its former owner nothing of it.',
  'chaos:report':
    'The report counts what came in, was answered, repeated, lost, out of order, written twice, claimed falsely, uncertain and unknown; each is 0 where it must be.',
  'chaos:by-hand': '1,000 messages are run in CI and 10,000 by hand, and their figures stand in the README.',
  'chaos:hundred-thousand': '100,000 messages are run by hand, and their figures stand in the README.',
  'chaos:no-stall': 'Amid cut connections and a freeze the local host takes bells again within seconds.',
} as const satisfies Record<string, Requirement>;
