import { element } from './dom.js';

/**
 * One step with what it holds, as a line that opens.
 * @param {import('./api.js').StoryStep} step
 * @param {Set<string>} open the ids of what is open; kept up to date here
 * @returns {HTMLLIElement}
 */
export function stepItem(step, open) {
  const { id, kind, title, startMs, durationMs, bar: place, failed, facts, details, children } = step;
  const bar = element('span', { class: 'bar' });
  bar.style.setProperty('--from', percent(place.from));
  bar.style.setProperty('--length', percent(place.length));
  const line = element(
    'summary',
    {},
    element('span', { class: 'kind' }, kind),
    element(
      'span',
      { class: 'said' },
      element('span', { class: 'title' }, title),
      element(
        'span',
        { class: 'facts' },
        failed ? element('strong', { class: 'failure' }, 'failed ') : undefined,
        facts.join(' · '),
      ),
    ),
    element('span', { class: 'lane', 'aria-hidden': 'true' }, bar),
    element('span', { class: 'start' }, `+${duration(startMs)}`),
    element('span', { class: 'duration' }, duration(durationMs)),
  );
  const box = element('details', { 'data-id': id, class: 'line' }, line);
  const fill = () => {
    if (box.childElementCount === 1) box.append(...details.map(detail));
  };
  if (open.has(id)) {
    fill();
    box.open = true;
  }
  box.addEventListener('toggle', () => {
    if (!box.open) open.delete(id);
    else {
      open.add(id);
      fill();
    }
  });
  const nested = children.length === 0 ? undefined : element('ol', {}, ...children.map((child) => stepItem(child, open)));
  return element('li', { class: `step ${kind}${failed ? ' failed' : ''}` }, box, nested);
}

/** @param {{ title: string, text: string }} detail */
function detail({ title, text }) {
  return element(
    'section',
    { class: 'detail' },
    element('h3', {}, title),
    // Long ones scroll, by keyboard too.
    element('pre', { tabindex: 0, 'aria-label': title }, text === '' ? '(empty)' : text),
  );
}

/** @param {number} part */
const percent = (part) => `${(part * 100).toFixed(2)}%`;

/** @param {number} milliseconds */
export function duration(milliseconds) {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(2)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1_000)} s`;
}
