/**
 * Three things to try, fitting who one is.
 * @param {import('./api.js').Person} person
 * @param {readonly import('./api.js').Person[]} people
 */
export function suggestionsFor(person, people) {
  if (!person.onboarded) return ['Hello', 'What can you do?', 'What is on my calendar tomorrow?'];
  const colleague = people.find(({ phone, onboarded }) => onboarded && phone !== person.phone);
  return [
    'What is on my calendar tomorrow?',
    `Book a review${colleague ? ` with ${colleague.email}` : ''} tomorrow at 3pm`,
    'What can you do?',
  ];
}
