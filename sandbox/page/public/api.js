/**
 * @typedef {{ name: string, email: string, phone: string, role: string, onboarded: boolean }} Person
 * @typedef {{ id: string, fromMe: boolean, text: string, timestamp: number, ack: number }} Message
 * @typedef {{ messages: Message[], typing: boolean }} Chat
 * @typedef {import('../story/model.ts').Story} Story
 * @typedef {import('../story/model.ts').StoryStep} StoryStep
 */

/** @returns {Promise<Person[]>} */
export const loadPeople = () => request('/sandbox/people');

/** @param {string} phone @returns {Promise<Chat>} */
export const loadChat = (phone) => request(`/sandbox/chats/${encodeURIComponent(phone)}`);

/** @param {string} messageId @returns {Promise<Story>} */
export const loadStory = (messageId) => request(`/page/stories/${encodeURIComponent(messageId)}`);

/** @param {{ from: string, text: string }} message @returns {Promise<{ id: string }>} */
export const sendMessage = (message) =>
  request('/sandbox/messages', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
  });

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
async function request(path, init) {
  const response = await fetch(path, init);
  const body = await response.json().catch(() => undefined);
  if (!response.ok) throw new Error(body?.error?.message ?? `The sandbox answered ${response.status}.`);
  return body;
}
