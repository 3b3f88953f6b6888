import type { ToolPorts } from '../../shared/tools/index.ts';
import { createFakeBell } from './fakes/fake-bell.ts';
import { createFakeCalendar } from './fakes/fake-calendar.ts';
import { createFakeClock } from './fakes/fake-clock.ts';
import { createFakeConversations } from './fakes/fake-conversations.ts';
import { createFakeDirectory } from './fakes/fake-directory.ts';
import { createFakePause } from './fakes/fake-pause.ts';
import { createFakePeople } from './fakes/fake-people.ts';

/** Everything that the tools reach, in memory. */
export function createToolPorts() {
  return {
    bell: createFakeBell(),
    calendar: createFakeCalendar(),
    clock: createFakeClock(),
    conversations: createFakeConversations(),
    directory: createFakeDirectory(),
    pause: createFakePause(),
    people: createFakePeople(),
  } satisfies ToolPorts;
}
