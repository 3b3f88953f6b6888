import { setTimeout as sleep } from 'node:timers/promises';
import { app, type InvocationContext } from '@azure/functions';
import { tell } from '../witness.ts';

const late = process.env['APP_START_FAILS'];

app.hook.appStart((context) => {
  context.hookData['started'] = true;
  tell('appStart', Object.keys(context));
  if (late !== undefined) throw new Error('appStart says no');
});
app.hook.appTerminate((context) => tell('appTerminate', context.hookData));
app.hook.preInvocation((context) => {
  context.hookData['before'] = context.invocationContext.functionName;
  if (context.invocationContext.functionName === 'changed') {
    context.inputs = ['another input'];
    const handler = context.functionHandler;
    context.functionHandler = async (input: unknown, invocation: InvocationContext) =>
      `wrapped ${String(await handler(input, invocation))}`;
  }
  if (context.invocationContext.functionName === 'refused') throw new Error('preInvocation says no');
});
app.hook.postInvocation((context) => {
  tell('postInvocation', {
    data: context.hookData,
    inputs: context.inputs.length,
    result: context.result,
    error: String(context.error),
  });
  if (context.invocationContext.functionName === 'changed') context.result = { body: String(context.result) };
  if (context.invocationContext.functionName === 'saved') {
    context.error = undefined;
    context.result = { body: 'saved' };
  }
});
app.hook.log((context) => {
  tell('log', [context.category, context.level, context.message, context.invocationContext?.functionName]);
  context.message = `seen: ${context.message}`;
});

const attempt = (run: () => unknown) => {
  try {
    run();
    return 'done';
  } catch (error) {
    return `${error instanceof Error ? error.name : ''}: ${String(error instanceof Error ? error.message : error)}`;
  }
};
const handler = () => ({ body: 'ok' });

app.http('changed', { handler: (input: unknown) => input as object });
app.http('refused', { handler });
app.http('saved', {
  handler: () => {
    throw new Error('to be saved');
  },
});
app.http('logs', {
  handler: (_request, context) => {
    context.log('hello from inside');
    return { body: 'ok' };
  },
});
app.http('late', {
  handler: () => ({
    jsonBody: [attempt(() => app.http('more', { handler })), attempt(() => app.setup({ enableHttpStream: true }))],
  }),
});
app.http('slow', {
  handler: async (request) => {
    tell('slow', 'started');
    await sleep(Number(request.query.get('ms')));
    tell('slow', 'ended');
    return { body: 'done' };
  },
});
app.timer('by-hand', {
  schedule: '0 0 0 1 1 *',
  handler: async (timer, context) => {
    await sleep(50);
    tell('by-hand', [timer, context.traceContext?.traceParent, context.triggerMetadata]);
  },
});
tell(
  'twice',
  attempt(() => app.http('late', { handler })),
);
