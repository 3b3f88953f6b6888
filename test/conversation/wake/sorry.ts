/** What a person is told of what failed for good. */
export const sorry = (why: string) => `Sorry, I could not do that. ${why} It is noted, and somebody can look into it.`;

/** The same, where something was done before it failed, or may have been. */
export const unfinished = (why: string) => sorry(why).replace('not do', 'not finish');
