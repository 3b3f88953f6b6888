import { byId, element } from './dom.js';

const list = byId('people', HTMLUListElement);

/** Who is picked in the list. @type {string | undefined} */
let shownPhone;

/**
 * @param {readonly import('./api.js').Person[]} people
 * @param {{ phone: string | undefined, unread: ReadonlyMap<string, number>, onPick: (phone: string) => void }} options
 */
export function showPeople(people, { phone, unread, onPick }) {
  const isOther = shownPhone !== phone && people.length > 0;
  shownPhone = phone;
  const focused = document.activeElement instanceof HTMLElement ? (document.activeElement.dataset.phone ?? '') : '';
  list.replaceChildren(
    ...people.map((person) => element('li', {}, personButton(person, { phone, count: unread.get(person.phone) ?? 0, onPick }))),
  );
  for (const button of list.querySelectorAll('button')) {
    if (button.dataset.phone === focused) button.focus();
    // On a narrow screen they stand in a row that scrolls.
    if (button.dataset.phone === phone && isOther) button.scrollIntoView({ block: 'nearest', inline: 'center' });
  }
}

/**
 * @param {import('./api.js').Person} person
 * @param {{ phone: string | undefined, count: number, onPick: (phone: string) => void }} options
 */
function personButton({ name, phone, role, onboarded }, { phone: picked, count, onPick }) {
  const initials = name.replaceAll(/[^A-Z]/g, '');
  return element(
    'button',
    {
      type: 'button',
      class: 'person',
      'data-phone': phone,
      'aria-pressed': String(phone === picked),
      onclick: () => onPick(phone),
    },
    element('span', { class: 'avatar', 'aria-hidden': 'true' }, initials),
    element(
      'span',
      { class: 'person-text' },
      element('span', { class: 'person-name' }, name),
      element('span', { class: 'person-role' }, `${role} · ${phone}`),
      onboarded ? undefined : element('span', { class: 'badge' }, 'not signed in yet'),
    ),
    count > 0 ? element('span', { class: 'unread' }, String(count), element('span', { class: 'hidden' }, ' new')) : undefined,
  );
}
