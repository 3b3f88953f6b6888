import { byId, element } from './dom.js';
import { duration, stepItem } from './timeline.js';

const body = byId('story', HTMLElement);
const withStorage = byId('with-storage', HTMLInputElement);

/** What is open stays open when more becomes known. @type {Set<string>} */
const open = new Set();
/** @type {{ story: import('./api.js').Story, text: string } | undefined} */
let shown;

withStorage.addEventListener('change', () => {
  if (shown) draw(shown.story, shown.text);
});

/** Nothing is picked. */
export function showNoStory() {
  shown = undefined;
  body.replaceChildren(
    element('p', { class: 'empty' }, 'Write a message, or pick one of the chat: here stands what happened for it.'),
  );
}

/**
 * @param {import('./api.js').Story} story
 * @param {string} text of the message
 */
export function showStory(story, text) {
  if (shown && shown.text === text && JSON.stringify(shown.story) === JSON.stringify(story)) return;
  if (shown?.story.messageId !== story.messageId) {
    open.clear();
    body.scrollTop = 0;
  }
  shown = { story, text };
  draw(story, text);
}

/**
 * @param {import('./api.js').Story} story
 * @param {string} text
 */
function draw(story, text) {
  const focused = document.activeElement?.closest('details')?.dataset.id ?? '';
  const scrolled = body.scrollTop;
  const steps = withStorage.checked ? story.steps : withoutStorage(story.steps);
  body.replaceChildren(
    element('blockquote', { class: 'quoted', dir: 'auto' }, text),
    element('p', { class: 'totals' }, totals(story)),
    steps.length === 0
      ? element('p', { class: 'empty' }, 'Nothing is known of this message yet: the application tells within a second.')
      : element('ol', { class: 'steps' }, ...steps.flatMap((step) => [...pause(step), stepItem(step, open)])),
  );
  body.scrollTop = scrolled;
  for (const summary of body.querySelectorAll('summary')) if (summary.parentElement?.dataset.id === focused) summary.focus();
}

/** @param {import('./api.js').Story} story */
function totals({ startedAt, answeredMs, totals: { model, tools, vendor, storage, tokens } }) {
  if (startedAt === null) return '';
  const at = new Date(startedAt).toLocaleTimeString('en-GB');
  return [
    answeredMs === null ? at : `${at}, answered after ${duration(answeredMs)}`,
    count(model, 'model call'),
    count(tools, 'tool call'),
    count(vendor, 'vendor call'),
    count(storage, 'database call'),
    `${tokens.toLocaleString('en-GB')} tokens`,
  ].join(' · ');
}

/** @param {number} number @param {string} what */
const count = (number, what) => `${number} ${what}${number === 1 ? '' : 's'}`;

/**
 * What failed is shown all the same.
 * @param {readonly import('./api.js').StoryStep[]} steps
 * @returns {import('./api.js').StoryStep[]}
 */
function withoutStorage(steps) {
  return steps.flatMap((step) => {
    const children = withoutStorage(step.children);
    const isStorage = step.kind === 'storage' || step.kind === 'lease';
    return isStorage && !step.failed ? children : [{ ...step, children }];
  });
}

/** @param {import('./api.js').StoryStep} step */
const pause = ({ pauseMs }) => (pauseMs > 0 ? [element('li', { class: 'pause' }, `${duration(pauseMs)} later`)] : []);
