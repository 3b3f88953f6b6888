import { byId, element } from './dom.js';
import { readCode } from './text.js';

const form = byId('composer', HTMLFormElement);
const input = byId('text', HTMLTextAreaElement);
const chips = byId('chips', HTMLElement);

/**
 * @param {{ onSend: (text: string) => Promise<void> }} options `onSend` rejects where the message did not go out: it stays
 */
export function startComposer({ onSend }) {
  let isSending = false;
  const send = async () => {
    const text = input.value.trim();
    if (text === '' || isSending) return;
    isSending = true;
    const written = input.value;
    try {
      await onSend(text);
      if (input.value === written) write('');
    } catch {
      // Said where the page says such things; the text stays for another try.
    } finally {
      isSending = false;
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
    input.focus();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send();
  });
  input.addEventListener('input', (event) => {
    const isPasted = event instanceof InputEvent && /^insertFrom(Paste|Drop)$/.test(event.inputType);
    const code = isPasted && /^\s*https:\/\/wa\.me\/\S+\s*$/.test(input.value) ? readCode(input.value) : undefined;
    if (code !== undefined) write(code);
    grow();
  });
}

/** Puts a text into the box, to be sent with one key. @param {string} text */
export function write(text) {
  input.value = text;
  grow();
}

export const focusInput = () => input.focus();

function grow() {
  input.style.height = 'auto';
  // What the text takes does not count the border, which the height does.
  const border = input.offsetHeight - input.clientHeight;
  input.style.height = `${Math.min(input.scrollHeight + border, 140)}px`;
}

/**
 * @param {readonly string[]} suggestions
 * @param {{ isFirst: boolean, withCode: boolean, onSend: (text: string) => Promise<void>, onNotice: (text: string) => void }} options
 */
export function showChips(suggestions, { isFirst, withCode, onSend, onNotice }) {
  const pasteCode = element(
    'button',
    { type: 'button', class: 'chip code', onclick: () => void pasteAndSend({ onSend, onNotice }) },
    'Paste the sign-in code and send',
  );
  // Before the first message there is room to read them all; later they are in one line.
  chips.classList.toggle('first', isFirst);
  chips.replaceChildren(
    ...(withCode ? [pasteCode] : []),
    ...suggestions.map((text) =>
      element('button', { type: 'button', class: 'chip', onclick: () => void onSend(text).catch(() => undefined) }, text),
    ),
  );
}

/**
 * One tap after the code, or the link that carries it, was copied on the sign-in page.
 * @param {{ onSend: (text: string) => Promise<void>, onNotice: (text: string) => void }} options
 */
async function pasteAndSend({ onSend, onNotice }) {
  /** @type {string | undefined} */
  let copied;
  try {
    copied = await navigator.clipboard.readText();
  } catch {
    copied = undefined; // not allowed, or no clipboard here
  }
  const code = copied === undefined ? undefined : readCode(copied);
  if (code !== undefined) {
    await onSend(code).catch(() => undefined);
    return;
  }
  input.focus();
  onNotice(
    copied === undefined
      ? 'The browser does not let the page read what you copied: paste the code into the message box.'
      : 'There is no code of six digits among what you copied: copy it on the sign-in page, or type it here.',
  );
}
