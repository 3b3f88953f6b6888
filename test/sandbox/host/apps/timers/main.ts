import { app, type Timer } from '@azure/functions';
import { tell } from '../witness.ts';

const handler = (name: string) => (timer: Timer) => tell(name, [new Date().toISOString(), timer.isPastDue]);

app.timer('daily', { schedule: '0 0 3 * * *', handler: handler('daily') });
app.timer('minutely', { schedule: '%EACH_MINUTE%', handler: handler('minutely') });
app.timer('at-start', { schedule: '0 0 0 1 1 *', runOnStartup: true, handler: handler('at-start') });
app.timer('unwatched', { schedule: '0 0 3 * * *', useMonitor: false, handler: handler('unwatched') });
app.http('now', {
  handler: () => ({ jsonBody: { now: Date.now(), made: new Date().getTime(), fixed: new Date(5).getTime(), text: Date() } }),
});
