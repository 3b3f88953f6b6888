import type { Requirement } from '../requirements.ts';

export const applicationRequirements = {
  'application:settings-safe':
    'Settings that would send over plain http, secrets that can be guessed and times that do not go together are refused at start, in one message that says what to do.',
  'application:bad-settings-named':
    'A missing or wrong setting gives one start-up error that names every bad variable and what it should be.',
  'application:logs-clean': 'No phone number, secret or message text reaches a log line or a span.',
  'application:sample-settings':
    'local.settings.sample.json lists every variable that the application reads, with values that are right for the sandbox.',
  'application:start-two-commands':
    '`npm ci && npm start` starts the application and the sandbox, prints addresses, people and three things to try, and stays up.',
  'application:start-port-taken': 'A second start on the same ports fails with one clear line and exit code 1.',
  'application:start-ports':
    'Service Bus, Cosmos DB, Postgres and storage listen after the port of the application, where they did before, if that is free.',
  'application:start-ctrl-c': 'Ctrl-C ends every process cleanly.',
  'application:start-state-kept': 'State is kept under .sandbox/ between starts, and --fresh forgets it.',
  'application:start-refused': 'An application that cannot start ends the start with its reason, once, and exit code 1.',
  'application:start-node-checked': 'Under a Node older than 24 one clear line says so, and the exit code is 1.',
  'application:start-added-instance': '`npm run start:app` adds an application on the vendors of a running sandbox.',
  'application:start-crash': 'A sandbox that is killed leaves no process behind, and the next start goes on with its state.',
  'application:restarted': 'The application may be killed at any moment; it is started again and the sandbox keeps its state.',
  'application:sandbox-contract':
    'The sandbox answers status, messages, chats, people, queues, token, script, faults, requests and clock as DESIGN says.',
  'application:sandbox-events': 'All that is new is told as server-sent events: messages, typing, spans, requests.',
  'application:sandbox-refuses': 'The sandbox refuses what it cannot use, in JSON that says what is wrong.',
  'application:sandbox-clock': 'Moving the clock moves the sandbox and every application before it is answered.',
  'application:real-vendor-by-setting': 'A vendor whose own variables are set is used for real and its stand-in is not started.',
} as const satisfies Record<string, Requirement>;
