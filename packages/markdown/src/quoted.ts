import { markDeceptive } from './text/deceptive.ts'

/**
 * Finds a text that somebody selected in one of these texts, whatever white space a selection put between the words.
 * Returns it as the text has it, with marks for deceptive characters, so that nothing is shown that was not written.
 */
export function findQuotedText(texts: readonly string[], selected: string): string | undefined {
  const { characters: wanted } = removeSpace(markDeceptive(selected))
  if (wanted === '') return undefined
  for (const text of texts) {
    const marked = markDeceptive(text)
    const { characters, places } = removeSpace(marked)
    const found = findFirst(characters, wanted)
    if (found >= 0) return marked.slice(places[found], (places[found + wanted.length - 1] ?? 0) + 1)
  }
  return undefined
}

/** Holds the characters of a text without white space, and the place of each in the text. */
interface Compact {
  characters: string
  places: Uint32Array
}

function removeSpace(text: string): Compact {
  const places = new Uint32Array(text.length)
  let characters = ''
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    for (let offset = 0; offset < word.length; offset += 1) places[characters.length + offset] = index + offset
    characters += word
  }
  return { characters, places }
}

/** Searches as Knuth, Morris and Pratt do: `indexOf` compares long repeats again and again. */
function findFirst(text: string, wanted: string): number {
  const borders = listBorders(wanted)
  let matched = 0
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    while (matched > 0 && wanted.charCodeAt(matched) !== unit) matched = borders[matched - 1] ?? 0
    if (wanted.charCodeAt(matched) === unit) matched += 1
    if (matched === wanted.length) return index - matched + 1
  }
  return -1
}

/** Lists for each prefix the length of its longest proper prefix that is its end as well. */
function listBorders(wanted: string): Uint32Array {
  const borders = new Uint32Array(wanted.length)
  let length = 0
  for (let index = 1; index < wanted.length; index += 1) {
    const unit = wanted.charCodeAt(index)
    while (length > 0 && wanted.charCodeAt(length) !== unit) length = borders[length - 1] ?? 0
    if (wanted.charCodeAt(length) === unit) length += 1
    borders[index] = length
  }
  return borders
}
