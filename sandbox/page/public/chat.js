import { byId, element } from './dom.js';
import { formatText } from './text.js';

const list = byId('messages', HTMLOListElement);
const presence = byId('presence', HTMLElement);

const times = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const days = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
const ticks = [
  ['🕓', 'waiting'],
  ['✓', 'sent'],
  ['✓✓', 'delivered'],
  ['✓✓', 'read'],
];

// What takes room from the list (a keyboard, chips, a turned phone) does not take away its end.
let isAtEnd = true;
list.addEventListener('scroll', () => {
  isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
});
new ResizeObserver(() => {
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}).observe(list);

/** Whose chat is shown. @type {string | undefined} */
let shownPhone;

/**
 * Brings the list up to date in place, so that what is read or in focus stays.
 * @param {import('./api.js').Chat} chat
 * @param {{ phone: string, selected: string | undefined, onSelect: (id: string) => void }} options
 */
export function showChat({ messages, typing }, { phone, selected, onSelect }) {
  const isOther = shownPhone !== phone;
  shownPhone = phone;
  if (isOther) isAtEnd = true;
  // Reading a whole chat aloud because somebody else was picked helps nobody.
  list.setAttribute('aria-live', isOther ? 'off' : 'polite');
  if (isOther) list.replaceChildren();
  const known = new Map([...list.children].map((item) => [item instanceof HTMLElement ? (item.dataset.key ?? '') : '', item]));
  const wanted = withDays(messages).map(({ key, state, build }) => {
    const present = known.get(key);
    if (present instanceof HTMLElement && present.dataset.state === state) return present;
    const built = build(onSelect);
    built.dataset.key = key;
    built.dataset.state = state;
    const hadFocus = present?.contains(document.activeElement);
    if (present) present.replaceWith(built);
    if (hadFocus) built.querySelector('button')?.focus();
    return built;
  });
  for (const item of [...list.children]) if (!wanted.includes(/** @type {HTMLLIElement} */ (item))) item.remove();
  wanted.forEach((item, index) => {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  });
  markSelected(selected);
  presence.textContent = typing ? 'typing…' : 'online';
  presence.classList.toggle('typing', typing);
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}

/** @param {string | undefined} id */
export function markSelected(id) {
  for (const item of list.children) {
    const isSelected = item instanceof HTMLElement && item.dataset.key === id;
    item.classList.toggle('selected', isSelected);
    item.querySelector('.about')?.setAttribute('aria-pressed', String(isSelected));
  }
}

export const scrollToEnd = () => {
  isAtEnd = true;
  list.scrollTop = list.scrollHeight;
};

/**
 * @typedef {{ key: string, state: string, build: (onSelect: (id: string) => void) => HTMLElement }} Item
 * @param {readonly import('./api.js').Message[]} messages
 * @returns {Item[]}
 */
function withDays(messages) {
  let day = '';
  return messages.flatMap((message) => {
    const { id, fromMe, text, ack, timestamp } = message;
    const item = { key: id, state: `${fromMe ? ack : ''} ${text}`, build: bubble(message) };
    const before = day;
    day = days.format(timestamp * 1_000);
    if (day === before) return [item];
    const words = day;
    return [{ key: `day ${words}`, state: '', build: () => element('li', { class: 'day' }, words) }, item];
  });
}

/** @param {import('./api.js').Message} message */
const bubble =
  ({ id, fromMe, text, timestamp, ack }) =>
  (/** @type {(id: string) => void} */ onSelect) => {
    const time = times.format(timestamp * 1_000);
    const [mark = '', words = ''] = ticks[ack] ?? [];
    const tick = element('span', { class: `tick ${words}` }, element('span', { 'aria-hidden': 'true' }, mark), hidden(words));
    const about = element(
      'button',
      { type: 'button', class: 'about', title: 'What happened', onclick: () => onSelect(id) },
      hidden('What happened for the message of '),
      element('time', { datetime: new Date(timestamp * 1_000).toISOString() }, time),
      fromMe ? tick : undefined,
    );
    const body = element(
      'p',
      { class: 'text', dir: 'auto' },
      ...(text === '' ? [element('em', {}, 'This message was deleted')] : formatText(text)),
    );
    const item = element(
      'li',
      { class: fromMe ? 'bubble own' : 'bubble theirs' },
      hidden(fromMe ? 'You: ' : 'Adjutant: '),
      body,
      about,
    );
    // The whole bubble may be tapped, but not a link in it, nor while text is being selected.
    item.addEventListener('click', ({ target }) => {
      const isControl = target instanceof Element && target.closest('a, button') !== null;
      if (!isControl && (getSelection()?.isCollapsed ?? true)) onSelect(id);
    });
    return item;
  };

/** @param {string} text */
const hidden = (text) => element('span', { class: 'hidden' }, text);
