/** What a person is told of a turn that failed for good. @param told Why, in plain words: an error's `told`. */
export const apologise = (told: string, { hasDoneSome = false } = {}): string =>
  `Sorry, I could not ${hasDoneSome ? 'finish' : 'do'} that. ${told} It is noted, and somebody can look into it.`;
