// A memory as its subject reads it. In the text "you" is the character: that is whom a prompt speaks to.

const SPOKEN = /(?:^|; )(?<who>[^“”;]{1,60}?) (?<how>said|whispered) “(?<text>[^”]*)(?:”|$)/gu;

/** The exchange a memory is of: [{ who, text, whispered }], who in the reader's words; empty for a plain statement. */
export function spoken(text, { character, reader, you }) {
  const names = { you: character, [reader]: you };
  return [...text.matchAll(SPOKEN)].map(({ groups }) => ({ who: names[groups.who] ?? groups.who, text: groups.text, whispered: groups.how === "whispered" }));
}

/** The text with names only, to be corrected: nobody has to guess who "you" is. */
export function named(text, character) {
  return text.replace(/(^|; )you (said|whispered) “/gu, `$1${character} $2 “`);
}
