const windowMs = 60 * 60 * 1_000;
const maxPeople = 10_000;

// By when they were last seen, the longest ago first: a person seen again moves to the end.
const lastSeen = new Map<string, number>();

/** Notes that somebody was answered. @param person An id that says nothing of them. */
export function notePerson(person: string, now = Date.now()): void {
  lastSeen.delete(person);
  lastSeen.set(person, now);
  const [oldest] = lastSeen.keys();
  if (lastSeen.size > maxPeople && oldest !== undefined) lastSeen.delete(oldest);
}

/** How many different people this process answered within an hour. */
export function countActivePeople(now = Date.now()): number {
  for (const [person, at] of lastSeen) {
    if (at > now - windowMs) break;
    lastSeen.delete(person);
  }
  return lastSeen.size;
}
