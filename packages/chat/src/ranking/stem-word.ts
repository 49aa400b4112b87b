/** Shorter words are kept whole, because little would be left of them. */
const MIN_LETTERS = 4
const WORD = /^[a-z]+$/
const VOWEL = /[aeiouy]/

/**
 * Removes the ending of an English word, so that `isolate`, `isolated` and `isolating` are one term, and `hash` and
 * `hashes`. Other words stay as they are. The stem need not be a word.
 */
export function stemWord(word: string): string {
  if (word.length < MIN_LETTERS || !WORD.test(word)) return word
  const singular = removePlural(word)
  const stem = removeVerbEnding(singular)
  return stem.length >= MIN_LETTERS && stem.endsWith('e') ? stem.slice(0, -1) : stem
}

function removePlural(word: string): string {
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`
  if (/(?:s|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word
}

function removeVerbEnding(word: string): string {
  const [ending] = /(?:ing|[^e]ed)$/.exec(word) ?? []
  if (ending === undefined) return word
  const stem = word.slice(0, ending === 'ing' ? -3 : -2)
  if (stem.length < 3 || !VOWEL.test(stem)) return word
  return /([bdfgmnprt])\1$/.test(stem) ? stem.slice(0, -1) : stem
}
