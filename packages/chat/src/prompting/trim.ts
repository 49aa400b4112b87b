import { countCharactersThatFit, estimateTokens } from '../models/index.ts'
import { countSourceTokens, divideAmongLongSources, type PromptParts, takeNewestTurns } from './fit-sources.ts'
import type { Source } from './sources/list-sources.ts'
import { isRoomSource, sortByPriority, takeWhatFits } from './sources/prioritize.ts'

/**
 * Texts are trimmed to this many times the prompt's budget: redaction shortens texts, and a text that is left out
 * makes room for another.
 */
const BUDGET_FACTOR = 2
/**
 * This many characters at each side of a cut are searched for secrets but not shown. No secret that needs its end to
 * be found is longer.
 */
export const MARGIN_CHARACTERS = 16 * 1024

/** Holds a text that is searched for secrets, and the part of it that may be shown. */
export interface Excerpt {
  text: string
  from: number
  to: number
}

/** Holds a text for a prompt: all of it, or its head and its tail. */
export interface Trimmed {
  excerpts: Excerpt[]
  /** Counts the characters between the head and the tail. */
  missing: number
}

export interface TrimmedTexts {
  sources: Array<{ source: Source; trimmed: Trimmed }>
  history: PromptParts['history']
  question: string
  quote?: Source
}

/** Trims texts that cannot fit a prompt, before the search for secrets, which takes most of the time. */
export function trimTexts(
  { sources, history, question, quote }: PromptParts,
  budget: number,
  roomTokens = Number.POSITIVE_INFINITY,
): TrimmedTexts {
  const maxTokens = BUDGET_FACTOR * budget
  const roomBudget = Math.min(budget, roomTokens)
  const recorded = sources.filter(isRoomSource)
  const keptOfRoom = takeWhatFits(recorded, sortByPriority(recorded), BUDGET_FACTOR * roomBudget, (source) =>
    Math.min(countSourceTokens(source), Math.floor(roomBudget / 2)),
  )
  const others = sources.filter((source) => !isRoomSource(source))
  const shares = divideAmongLongSources(others, maxTokens)
  const kept = new Set([...keptOfRoom, ...others])
  return {
    sources: sources
      .filter((source) => kept.has(source))
      .map((source) => ({ source, trimmed: trimText(source.text, shares.get(source.id) ?? maxTokens) })),
    history: takeNewestTurns(history, maxTokens),
    question,
    ...(quote && { quote }),
  }
}

/** Returns head and tail with half of the tokens each and a margin to search, or the text if it is not longer. */
export function trimText(text: string, tokens: number): Trimmed {
  const untrimmed = { excerpts: [{ text, from: 0, to: text.length }], missing: 0 }
  if (estimateTokens(text) <= tokens) return untrimmed
  const half = Math.max(0, Math.floor(tokens / 2))
  const head = toWellFormedEnd(text, countCharactersThatFit(text, half, 'start'))
  const tail = text.length - countCharactersThatFit(text, half, 'end')
  const [searchedHead, searchedTail] = [head + MARGIN_CHARACTERS, tail - MARGIN_CHARACTERS]
  if (searchedHead >= searchedTail) return untrimmed
  const shownTail = findTailStart(text, searchedTail, tail)
  return {
    excerpts: [
      { text: text.slice(0, searchedHead), from: 0, to: head },
      { text: text.slice(searchedTail), from: shownTail - searchedTail, to: text.length - searchedTail },
    ],
    missing: shownTail - head,
  }
}

const toWellFormedEnd = (text: string, end: number): number =>
  /[\uDC00-\uDFFF]/.test(text[end] ?? '') && end > 0 ? end - 1 : end

const INSERT = /\bINSERT\s{1,9}INTO\b/i
const KEY_LINE = /[A-Za-z0-9+/]{24}|^[^A-Za-z]{0,40}[A-Za-z0-9+/=]{0,24}[^A-Za-z]{0,8}$/
const DELIMITERS = [',', ';', '\t', '|']

/**
 * Finds where the tail may begin: at a line that continues neither a table nor a key, whose head may have been left
 * out. Returns the text's end if there is none.
 */
function findTailStart(text: string, searched: number, tail: number): number {
  if (INSERT.test(text.slice(0, tail))) return text.length
  if (!text.includes('\n', searched)) return findNextWord(text, tail)
  let before: string | undefined
  for (let start = findNextLine(text, tail); start < text.length; start = findNextLine(text, start)) {
    const line = text.slice(start, findLineEnd(text, start))
    if (before !== undefined && endsTable(before, line) && !KEY_LINE.test(line)) return start
    if (/[^\s|:+=-]/.test(line)) before = line
  }
  return text.length
}

const findLineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}
const findNextLine = (text: string, from: number): number => findLineEnd(text, from) + 1

function findNextWord(text: string, from: number): number {
  const blank = text.indexOf(' ', from)
  return blank < 0 ? text.length : blank + 1
}

const endsTable = (before: string, line: string): boolean =>
  DELIMITERS.every((delimiter) => {
    const cells = line.split(delimiter).length
    return cells === 1 || cells !== before.split(delimiter).length
  })
