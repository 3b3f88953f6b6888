import type { Requirement } from '../requirements.ts';

export const hostRequirements = {
  'host:core-contract':
    'The host loads the registrations that Azure loads and plays @azure/functions-core: registration, hooks, lock after start.',
  'host:http-routes':
    'HTTP functions get routes with parameters and constraints, methods and the route prefix; what does not match is 404, a wrong method too, as in the real host.',
  'host:trace-context': 'The trace of a request or message goes on in the function, or a new one begins.',
  'host:http-conversions':
    'HTTP requests and responses are converted as by the real host: headers, repeated query values, cookies, bodies.',
  'host:http-streaming': 'With enableHttpStream a response streams chunk by chunk through the proxy.',
  'host:http-throw': 'A handler that throws is answered 500.',
  'host:servicebus-complete-abandon': 'A Service Bus message is completed when its handler returns and abandoned when it throws.',
  'host:servicebus-concurrency': 'maxConcurrentCalls of host.json bounds the calls at once.',
  'host:servicebus-lock-renewal': 'The lock of a message is renewed while its handler runs, up to maxAutoLockRenewalDuration.',
  'host:servicebus-metadata':
    'Bodies and metadata reach the handler as from the real host, its traps included: numbers out of digit strings, delivery count from 1.',
  'host:queue-poison': 'A storage-queue message that fails maxDequeueCount times moves to the -poison queue.',
  'host:timer-schedule': 'Timers follow six-field NCRONTAB in UTC, never overlap, and report isPastDue after a missed run.',
  'host:timer-retries': 'A retry policy of a timer is followed, with retryContext.',
  'host:timer-singleton': 'Of several hosts on one state folder one runs the timers.',
  'host:queue-delete': 'A storage-queue message is deleted when its handler returns.',
  'host:admin': 'POST /admin/functions/{name} runs a function now.',
  'host:drain': 'SIGTERM stops the listeners, lets what runs finish, and exits.',
  'host:refuses':
    'What the host does not play (sessions, output bindings, SDK bindings, other triggers) is refused loudly at start.',
  'host:settings': '%SETTING% expressions and connections are resolved from the environment as the real host does.',
  'host:timeout': 'functionTimeout ends an invocation that runs too long as failed.',
  'host:one-line-for-a-port': 'A port in use ends the start with one clear line and exit code 1.',
  'host:in-process': 'The host can be started in the process of a test, once.',
  'host:clock': "The sandbox's clock moves the application's time and its timers.",
} as const satisfies Record<string, Requirement>;
