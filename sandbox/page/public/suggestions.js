/**
 * Three things to try, fitting who one is.
 * @param {import('./api.js').Person} person
 * @param {readonly import('./api.js').Person[]} people
 */
export function suggestionsFor(person, people) {
  if (!person.onboarded) return ['Hello', 'What can you do?', 'What is on my calendar tomorrow?'];
  const [first = 'Ana', second = 'Ben'] = people
    .filter(({ phone, onboarded }) => onboarded && phone !== person.phone)
    .map(({ name }) => name.split(' ')[0] ?? name);
  return [
    'What is on my calendar tomorrow?',
    `When are ${first} and ${second} free on Monday?`,
    `Book 30 minutes with ${first} on Friday at 10`,
  ];
}
