import type { SeedPerson } from '../../seed/people.ts';
import { rights } from '../access.ts';
import { badRequest } from '../errors.ts';
import { selected } from '../odata/page.ts';
import { accessOf, contextUrl, mailboxRoutes, queryOf, type Answer, type Call, type Route } from '../routes.ts';

/** The settings of a mailbox; Exchange tells the Windows name of its zone. */
function renderSettings({ windowsTimeZone, locale }: Pick<SeedPerson, 'windowsTimeZone' | 'locale'>): Record<string, unknown> {
  return {
    automaticRepliesSetting: { status: 'disabled', externalAudience: 'all', internalReplyMessage: '', externalReplyMessage: '' },
    timeZone: windowsTimeZone,
    language: { locale, displayName: new Intl.DisplayNames('en', { type: 'language' }).of(locale || 'en-US') ?? locale },
    dateFormat: 'M/d/yyyy',
    timeFormat: 'h:mm tt',
    delegateMeetingMessageDeliveryOptions: 'sendToDelegateOnly',
    workingHours: {
      daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      startTime: '09:00:00.0000000',
      endTime: '18:00:00.0000000',
      timeZone: { name: windowsTimeZone },
    },
    userPurpose: 'user',
  };
}

const properties = new Set(Object.keys(renderSettings({ windowsTimeZone: '', locale: '' })));

function getSettings(call: Call): Answer {
  const { owner } = accessOf(call);
  const { select } = queryOf(call, { options: ['$select'], properties, type: 'mailboxSettings', maxTop: 1 });
  const context = contextUrl(call, `users('${owner.oid}')/mailboxSettings`);
  return { status: 200, body: { '@odata.context': context, ...selected(renderSettings(owner), select) } };
}

function getSetting(call: Call): Answer {
  const { owner } = accessOf(call);
  const name = call.path['property'] ?? '';
  if (!properties.has(name)) throw badRequest(`Resource not found for the segment '${name}'.`);
  const value = renderSettings(owner)[name];
  const context = contextUrl(call, `users('${owner.oid}')/mailboxSettings/${name}`);
  return { status: 200, body: { '@odata.context': context, ...(typeof value === 'object' ? value : { value }) } };
}

export const mailboxSettingsRoutes: readonly Route[] = [
  ...mailboxRoutes('GET', ['/mailboxSettings'], { rights: rights.readMailboxSettings, handle: getSettings }),
  ...mailboxRoutes('GET', ['/mailboxSettings/{property}'], { rights: rights.readMailboxSettings, handle: getSetting }),
];
