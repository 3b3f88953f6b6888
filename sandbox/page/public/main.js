import { loadChat, loadPeople, loadStory, sendMessage } from './api.js';
import { markSelected, scrollToEnd, showChat } from './chat.js';
import { focusInput, showChips, startComposer, write } from './composer.js';
import { byId } from './dom.js';
import { gather, listen } from './events.js';
import { showPeople } from './people.js';
import { showNoStory, showStory } from './story.js';
import { suggestionsFor } from './suggestions.js';

/** @type {import('./api.js').Person[]} */
let people = [];
/** @type {import('./api.js').Chat} */
let chat = { messages: [], typing: false };
/** Whose phone it is. @type {string | undefined} */
let phone;
/** The message whose story is told. @type {string | undefined} */
let selected;
/** @type {Map<string, number>} */
const unread = new Map();
/** Who opened a link: a code may come back. @type {Set<string>} */
const openedLink = new Set();

const notice = byId('notice', HTMLElement);
const isNarrow = matchMedia('(max-width: 719px)');

/** @param {string} text '' takes it away */
function say(text) {
  notice.textContent = text;
  notice.hidden = text === '';
}

/** @template T @param {() => Promise<T>} task */
async function orSay(task) {
  try {
    return await task();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

const refreshPeople = gather(50, async () => {
  people = (await orSay(loadPeople)) ?? people;
  drawPeople();
});
const refreshChat = gather(20, async () => {
  if (phone === undefined) return;
  const asked = phone;
  const loaded = await orSay(() => loadChat(asked));
  if (loaded === undefined || asked !== phone) return;
  chat = loaded;
  draw();
});
const refreshStory = gather(250, async () => {
  if (selected === undefined) return;
  const asked = selected;
  const story = await orSay(() => loadStory(asked));
  if (story === undefined || asked !== selected) return;
  showStory(story, chat.messages.find(({ id }) => id === asked)?.text ?? '');
});

function drawPeople() {
  showPeople(people, { phone, unread, onPick: pick });
  drawChips();
}

function draw() {
  if (phone === undefined) return;
  if (selected === undefined) {
    const last = chat.messages.findLast(({ fromMe }) => fromMe) ?? chat.messages.at(-1);
    if (last) tell(last.id);
    else showNoStory();
  }
  showChat(chat, { phone, selected, onSelect: select });
  drawChips();
}

function drawChips() {
  const person = people.find((each) => each.phone === phone);
  if (!person) return;
  const isAsked = chat.messages.some(({ fromMe, text }) => !fromMe && /https?:\/\/\S*sign-in/.test(text));
  const withCode = openedLink.has(person.phone) || (!person.onboarded && isAsked);
  showChips(suggestionsFor(person, people), { isFirst: chat.messages.length === 0, withCode, onSend: send, onNotice: say });
}

/** @param {string} id */
function tell(id) {
  if (selected === id) return;
  selected = id;
  markSelected(id);
  refreshStory();
}

/** @param {string} id */
function select(id) {
  tell(id);
  if (isNarrow.matches) view('story');
}

/** On a narrow screen one of the two is shown. @param {'chat' | 'story'} which */
function view(which) {
  document.body.dataset.view = which;
  if (!isNarrow.matches) return;
  if (which === 'story') byId('story-title', HTMLElement).focus();
  else focusInput();
}

/** @param {string} picked */
function pick(picked) {
  phone = picked;
  selected = undefined;
  chat = { messages: [], typing: false };
  unread.delete(picked);
  localStorage.setItem('phone', picked);
  say('');
  showNoStory();
  drawPeople();
  draw();
  refreshChat();
}

/** @param {string} text */
async function send(text) {
  const from = phone;
  if (from === undefined) return;
  try {
    const { id } = await sendMessage({ from, text });
    say('');
    if (/^\d{6}$/.test(text)) openedLink.delete(from);
    if (from !== phone) return;
    tell(id);
    refreshChat();
    scrollToEnd();
  } catch (error) {
    say(`Not sent: ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  }
}

function startListening() {
  let isLost = false;
  listen({
    onConnected() {
      if (isLost) say('');
      isLost = false;
      refreshPeople();
      refreshChat();
      refreshStory();
    },
    onLost() {
      isLost = true;
      say('The sandbox does not answer. Trying again …');
    },
    onMessage(change) {
      if (change.phone === phone) refreshChat();
      else if (change.kind === 'message' && change.message && !change.message.fromMe) {
        unread.set(change.phone, (unread.get(change.phone) ?? 0) + 1);
      }
      // Who signed in shows by a message.
      if (change.kind === 'message') refreshPeople();
      refreshStory();
    },
    onTyping(change) {
      if (change.phone === phone) refreshChat();
    },
    onTraced: refreshStory,
  });
}

async function start() {
  byId('show-story', HTMLButtonElement).addEventListener('click', () => view('story'));
  byId('show-chat', HTMLButtonElement).addEventListener('click', () => view('chat'));
  byId('messages', HTMLOListElement).addEventListener('click', ({ target }) => {
    if (phone === undefined || !(target instanceof Element) || !target.closest('a')) return;
    openedLink.add(phone);
    drawChips();
  });
  startComposer({ onSend: send });
  showNoStory();
  people = (await orSay(loadPeople)) ?? [];
  const asked = new URLSearchParams(location.search);
  const wanted = asked.get('person') ?? localStorage.getItem('phone');
  const first = people.find((person) => person.phone === wanted) ?? people[0];
  if (first) pick(first.phone);
  // A link to wa.me leads here: the text is written, and sent with one tap.
  write(asked.get('text') ?? '');
  if (asked.size > 0) history.replaceState(null, '', '/');
  focusInput();
  startListening();
}

void start();
