export { createEvent, type CreateEventRequest } from './create-event.ts';
export { describeWhen } from './describe-event.ts';
export { listEvents, type ListedEvents } from './list-events.ts';
export { parseLocal, parseTimeRange, type InstantRange } from './time-range.ts';
