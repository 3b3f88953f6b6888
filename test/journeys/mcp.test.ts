import { expect } from 'vitest';
import { verifies } from '../verifies.ts';
import { ana, useJourney } from './journey.ts';
import { connectAs } from './mcp-client.ts';

const journey = useJourney();

verifies('mcp:official-client', 'the official client lists the tools and calls them', async () => {
  const client = await connectAs(journey, ana);

  const { tools } = await client.listTools();
  const me = await client.callTool({ name: 'people_whoami', arguments: {} });

  expect(tools.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['calendar_list_events', 'calendar_create_event', 'people_whoami', 'help']),
  );
  expect(me.structuredContent).toEqual({
    name: 'Ana Ribeiro',
    email: 'ana@alderfinch.example',
    role: 'admin',
    timeZone: 'Europe/Lisbon',
  });
});
