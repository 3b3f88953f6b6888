/**
 * @typedef {object} Listeners
 * @property {() => void} onConnected also after every interruption: what happened meanwhile is to be read again
 * @property {() => void} onLost
 * @property {(change: { kind: string, phone: string, id: string, message: import('./api.js').Message | null }) => void} onMessage
 * @property {(change: { phone: string, typing: boolean }) => void} onTyping
 * @property {() => void} onTraced a span or a request of a stand-in came
 */

/** Listens to all that is new in the sandbox; the browser connects again by itself. @param {Listeners} listeners */
export function listen({ onConnected, onLost, onMessage, onTyping, onTraced }) {
  const source = new EventSource('/sandbox/events');
  source.addEventListener('open', onConnected);
  source.addEventListener('error', () => {
    onLost();
    // After an answer that is no stream the browser gives up.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => listen({ onConnected, onLost, onMessage, onTyping, onTraced }), 1_000);
    }
  });
  source.addEventListener('message', ({ data }) => onMessage(JSON.parse(data)));
  source.addEventListener('typing', ({ data }) => onTyping(JSON.parse(data)));
  source.addEventListener('span', onTraced);
  source.addEventListener('request', onTraced);
}

/**
 * Runs `task` soon, once for all calls meanwhile, and never twice at the same time.
 * @param {number} waitMs
 * @param {() => Promise<void>} task
 */
export function gather(waitMs, task) {
  let isWaiting = false;
  let running = Promise.resolve();
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      running = running.then(() => {
        isWaiting = false;
        return task();
      });
    }, waitMs);
  };
}
