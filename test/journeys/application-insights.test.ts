import { afterAll, expect } from 'vitest';
import { startIngestion } from '../support/ingestion.ts';
import { verifies } from '../verifies.ts';
import { ana, ben, eva, until, useJourney } from './journey.ts';
import { toldAtOtherDoors, useOtherDoors } from './doors.ts';
import { foundIn, secretsOf } from './secrets.ts';

const ingestion = await startIngestion();
afterAll(ingestion.close);
const journey = useJourney({
  environment: {
    ...ingestion.environment,
    APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString,
    METRICS_SECONDS: '1',
  },
});

const printed = () => journey.sandbox().applicationOutput();

verifies(
  ['telemetry:application-insights', 'telemetry:once', 'telemetry:no-personal-data'],
  'a collector and Application Insights each get everything once, and nothing of a person',
  async () => {
    await until(() => ingestion.spans().length > 0); // loaded beside the first invocations: the sign-ins
    const fault = { vendor: 'openai', match: { path: '/responses' }, effect: 'answer', status: 500, times: 2 };
    await journey.post('/sandbox/faults', fault);
    await journey.ask(ben, 'What is on my calendar tomorrow?');
    await journey.ask(ana, 'Book a review with ben@alderfinch.example tomorrow at 3pm');
    await journey.ask(eva, 'Hello, I am Eva Lindqvist');
    await useOtherDoors(journey);
    await journey.sandbox().stopApplication();

    const collected = journey
      .sandbox()
      .collector.spans()
      .map(({ spanId }) => spanId);
    const sent = ingestion.spans().map(({ data }) => String(data['id']));
    expect(sent.length).toBe(new Set(sent).size);
    expect(sent.toSorted()).toEqual(collected.toSorted());

    const events = ingestion.logs().map(({ data }) => data['message']);
    expect(events.filter((event) => event === 'model.failed').length).toBe(1);
    expect(events.filter((event) => printed().includes(`"event":"${String(event)}"`))).toEqual([]);
    expect(ingestion.others()).toEqual([]);

    const messages = ingestion
      .metrics()
      .filter(({ name, properties }) => name === 'adjutant.messages' && /"in"/.test(JSON.stringify(properties)));
    const received = journey
      .sandbox()
      .collector.spans()
      .filter(({ name, attributes }) => name === 'webhook' && attributes['outcome'] === 'stored');
    expect(messages.reduce((sum, { value }) => sum + value, 0)).toBe(received.length);

    const secrets = [...(await secretsOf(journey)), ...toldAtOtherDoors];
    expect(foundIn(ingestion.bodies.join('\n'), secrets)).toEqual([]);
    expect(ingestion.spans().map(({ data }) => data['name'])).toEqual(expect.arrayContaining(['mcp', 'erase']));
  },
);
