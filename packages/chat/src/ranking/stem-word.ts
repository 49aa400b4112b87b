/** Shorter words keep their endings, because too little would be left of them. */
const MIN_LETTERS = 4
/** An ending is not removed if fewer letters would be left. */
const MIN_STEM_LETTERS = 3
const WORD = /^[a-z]+$/
const VOWEL = /[aeiouy]/

/**
 * Removes the ending of an English word: `isolate`, `isolated` and `isolating` become one term, `hash` and `hashes`
 * another. Words of other languages stay as they are. The stem need not be a word.
 */
export function stemWord(word: string): string {
  if (word.length < MIN_LETTERS || !WORD.test(word)) return word
  const singular = removePlural(word)
  const stem = removeVerbEnding(singular)
  return stem.length >= MIN_LETTERS && stem.endsWith('e') ? stem.slice(0, -1) : stem
}

/** Turns `policies` into `policy`, `hashes` into `hash`, `logs` into `log`. `access`, `virus` and `this` stay. */
function removePlural(word: string): string {
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`
  if (/(?:s|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word
}

/** Turns `blocking` into `block` and `logged` into `log`. `string` and `seed` stay, because they are no verb forms. */
function removeVerbEnding(word: string): string {
  // A word that ends in `eed` stays.
  const [ending] = /(?:ing|(?<!e)ed)$/.exec(word) ?? []
  if (ending === undefined) return word
  const stem = word.slice(0, -ending.length)
  if (stem.length < MIN_STEM_LETTERS || !VOWEL.test(stem)) return word
  const isLastLetterDoubled = /([bdfgmnprt])\1$/.test(stem)
  return isLastLetterDoubled ? stem.slice(0, -1) : stem
}
