/** Shorter words keep their endings, because too little would be left of them. */
const MIN_WORD_LETTERS = 4
/** The ending of a verb, or a last `e`, is not removed if fewer letters would be left. */
const MIN_STEM_LETTERS = 3
const ENGLISH_WORD = /^[a-z]+$/
const VOWEL = /[aeiouy]/

/**
 * Removes the ending of an English word in lower case, so that its forms have one stem: `isolate`, `isolated` and
 * `isolating` become `isolat`, `hash` and `hashes` become `hash`. A word with other characters than `a` to `z` stays.
 */
export function stemWord(word: string): string {
  if (word.length < MIN_WORD_LETTERS || !ENGLISH_WORD.test(word)) return word
  const singular = removePlural(word)
  const stem = removeVerbEnding(singular)
  return stem.length > MIN_STEM_LETTERS && stem.endsWith('e') ? stem.slice(0, -1) : stem
}

/**
 * Turns `policies` into `policy`, `hashes` into `hash`, `logs` into `log`. Words in `ss`, `us` and `is` stay, such as
 * `access`, `virus` and `this`.
 */
function removePlural(word: string): string {
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`
  if (/(?:s|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word
}

/**
 * Turns `blocking` into `block` and `logged` into `log`. `string` stays, because its stem would have no vowel, and
 * `seed`, because it ends in `eed`.
 */
function removeVerbEnding(word: string): string {
  const [ending] = /(?:ing|(?<!e)ed)$/.exec(word) ?? []
  if (ending === undefined) return word
  const stem = word.slice(0, -ending.length)
  if (stem.length < MIN_STEM_LETTERS || !VOWEL.test(stem)) return word
  const isLastLetterDoubled = /([bdfgmnprt])\1$/.test(stem)
  return isLastLetterDoubled ? stem.slice(0, -1) : stem
}
