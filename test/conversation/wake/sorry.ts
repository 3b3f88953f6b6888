/** What a person is told of what failed for good. */
export const sorry = (why: string) => `Sorry, I could not do that. ${why} It is noted, and somebody can look into it.`;
