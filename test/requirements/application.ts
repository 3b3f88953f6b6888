import type { Requirement } from '../requirements.ts';

export const applicationRequirements = {
  'application:bad-settings-named': {
    planned: 'A missing or wrong setting gives one start-up error that names every bad variable and what it should be.',
  },
  'application:logs-clean': { planned: 'No phone number, secret or message text reaches a log line or a span.' },
  'application:start-two-commands': {
    planned:
      '`npm ci && npm start` starts the application and the sandbox, prints addresses, people and three things to try, and stays up.',
  },
  'application:start-port-taken': { planned: 'A second start on the same ports fails with one clear line and exit code 1.' },
  'application:start-ctrl-c': { planned: 'Ctrl-C ends every process cleanly.' },
  'application:start-state-kept': { planned: 'State is kept under .sandbox/ between starts, and --fresh forgets it.' },
  'application:restarted': {
    planned: 'The application may be killed at any moment; it is started again and the sandbox keeps its state.',
  },
  'application:sandbox-contract': {
    planned:
      'The sandbox answers status, messages, chats, people, queues, token, script, faults, requests and clock as DESIGN says.',
  },
  'application:real-vendor-by-setting': {
    planned: 'A vendor whose own variables are set is used for real and its stand-in is not started.',
  },
} as const satisfies Record<string, Requirement>;
