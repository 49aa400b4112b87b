import { markDeceptive } from './text/deceptive.ts'

/**
 * Finds a selection in one of these texts. White space is ignored, because a selection may change it. Returns the part
 * of the text, not the selection, with marks for deceptive characters, so that a quote shows only what was written.
 */
export function findSelectedText(texts: readonly string[], selected: string): string | undefined {
  const { characters: pattern } = removeSpace(markDeceptive(selected))
  if (pattern === '') return undefined
  for (const text of texts) {
    const marked = markDeceptive(text)
    const { characters, positions } = removeSpace(marked)
    const index = findFirst(characters, pattern)
    if (index >= 0) return marked.slice(positions[index], (positions[index + pattern.length - 1] ?? 0) + 1)
  }
  return undefined
}

/** Holds the characters of a text without white space, and the position of each in the text. */
interface CompactText {
  characters: string
  positions: Uint32Array
}

function removeSpace(text: string): CompactText {
  const positions = new Uint32Array(text.length)
  let characters = ''
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    for (let offset = 0; offset < word.length; offset += 1) positions[characters.length + offset] = index + offset
    characters += word
  }
  return { characters, positions }
}

/** Uses the algorithm of Knuth, Morris and Pratt, because `indexOf` may take quadratic time with repeated text. */
function findFirst(text: string, pattern: string): number {
  const borders = listBorders(pattern)
  let matched = 0
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    while (matched > 0 && pattern.charCodeAt(matched) !== unit) matched = borders[matched - 1] ?? 0
    if (pattern.charCodeAt(matched) === unit) matched += 1
    if (matched === pattern.length) return index - matched + 1
  }
  return -1
}

/** Lists for each prefix the length of its longest border: a shorter prefix that is also a suffix of it. */
function listBorders(pattern: string): Uint32Array {
  const borders = new Uint32Array(pattern.length)
  let length = 0
  for (let index = 1; index < pattern.length; index += 1) {
    const unit = pattern.charCodeAt(index)
    while (length > 0 && pattern.charCodeAt(length) !== unit) length = borders[length - 1] ?? 0
    if (pattern.charCodeAt(length) === unit) length += 1
    borders[index] = length
  }
  return borders
}
