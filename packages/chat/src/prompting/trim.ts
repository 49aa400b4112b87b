import { countUtf16UnitsThatFit, estimateTokens } from '../models/index.ts'
import { countSourceTokens, divideTokens, type PromptParts, takeNewestRounds } from './fit-prompt.ts'
import { countCells, findAlignedHead, findListEnd, findTableEnd, isListHead } from './redaction/rules/index.ts'
import type { Source } from './sources/list-sources.ts'
import { isPrioritized, sortByPriority, takeWhatFits } from './sources/prioritize.ts'

/**
 * Texts are trimmed to the prompt's limit of tokens times this factor. More than the limit is kept, because redaction
 * shortens texts, and because `fitPrompt` may leave out a text and give its tokens to another one.
 */
const TRIM_FACTOR = 2
/**
 * After the head and before the tail, this many of the missing characters are searched for secrets, too. Some secrets
 * are recognised only together with their end. None of these is longer than this margin.
 */
export const MARGIN_CHARACTERS = 16 * 1024

/**
 * Holds a text that is searched for secrets as a whole. Only the part from `from` to before `to` may enter the prompt.
 * The rest is the margin.
 */
export interface Excerpt {
  text: string
  from: number
  to: number
}

/** Holds a text for a prompt: one excerpt with all of it, or two with its head and its tail. */
export interface TrimmedText {
  excerpts: Excerpt[]
  /** Counts the characters between the head and the tail that may not enter the prompt. 0 if nothing is missing. */
  missingCharacters: number
}

export interface TrimmedParts {
  sources: Array<{ source: Source; trimmed: TrimmedText }>
  history: PromptParts['history']
  question: string
  quote?: Source
}

/**
 * Trims long sources, and leaves out prioritized sources and old rounds that cannot fit a prompt. This runs before the
 * search for secrets, because that search takes most of the time.
 */
export function trimParts(
  { sources, history, question, quote }: PromptParts,
  maxPromptTokens: number,
  maxPrioritizedTokens = Number.POSITIVE_INFINITY,
): TrimmedParts {
  const maxTrimmedTokens = TRIM_FACTOR * maxPromptTokens
  const tokensForPrioritized = Math.min(maxPromptTokens, maxPrioritizedTokens)
  const prioritizedSources = sources.filter(isPrioritized)
  const keptByPriority = takeWhatFits(
    prioritizedSources,
    sortByPriority(prioritizedSources),
    TRIM_FACTOR * tokensForPrioritized,
    // `fitPrompt` cuts each prioritized source to at most half of these tokens.
    (source) => Math.min(countSourceTokens(source), Math.floor(tokensForPrioritized / 2)),
  )
  const otherSources = sources.filter((source) => !isPrioritized(source))
  const maxTokensById = divideTokens(otherSources, maxTrimmedTokens)
  const keptSources = new Set([...keptByPriority, ...otherSources])
  return {
    sources: sources
      .filter((source) => keptSources.has(source))
      // A prioritized source has no share in `maxTokensById`. Each one may have all of the tokens.
      .map((source) => ({ source, trimmed: trimText(source.text, maxTokensById.get(source.id) ?? maxTrimmedTokens) })),
    history: takeNewestRounds(history, maxTrimmedTokens),
    question,
    ...(quote && { quote }),
  }
}

/**
 * Returns the whole text if it fits, or if the margins would meet. Otherwise returns a head and a tail, each with a
 * margin. Both get half of the tokens. The tail may be shorter or empty, because `findTailStart` may move its start.
 */
export function trimText(text: string, maxTokens: number): TrimmedText {
  const untrimmed = { excerpts: [{ text, from: 0, to: text.length }], missingCharacters: 0 }
  if (estimateTokens(text) <= maxTokens) return untrimmed
  const halfTokens = Math.max(0, Math.floor(maxTokens / 2))
  const headEnd = toWellFormedEnd(text, countUtf16UnitsThatFit(text, halfTokens, 'start'))
  const tailStart = text.length - countUtf16UnitsThatFit(text, halfTokens, 'end')
  const searchedHeadEnd = headEnd + MARGIN_CHARACTERS
  const searchedTailStart = tailStart - MARGIN_CHARACTERS
  if (searchedHeadEnd >= searchedTailStart) return untrimmed
  const shownTailStart = findTailStart(text, searchedTailStart, tailStart)
  return {
    excerpts: [
      { text: text.slice(0, searchedHeadEnd), from: 0, to: headEnd },
      {
        text: text.slice(searchedTailStart),
        from: shownTailStart - searchedTailStart,
        to: text.length - searchedTailStart,
      },
    ],
    missingCharacters: shownTailStart - headEnd,
  }
}

/** Returns the end. If it is between the two UTF-16 units of a character, returns the beginning of that character. */
const toWellFormedEnd = (text: string, end: number): number =>
  /[\uDC00-\uDFFF]/.test(text[end] ?? '') && end > 0 ? end - 1 : end

/** Matches the beginning of an SQL statement whose rows may be on any line after it. */
const INSERT_INTO = /\bINSERT\s{1,9}INTO\b/i
/** Matches a line that can belong to a private key: much Base64, or a short end such as `> Qm9iIQ==`. */
const KEY_LINE = /[A-Za-z0-9+/]{24}|^[^A-Za-z]{0,40}[A-Za-z0-9+/=]{0,24}[^A-Za-z]{0,8}$/
/** Matches a character of a cell's text. A line of separators, such as `|---|---|`, has none. */
const CELL_CHARACTER = /[^\s|:+=-]/

/**
 * Finds where the tail may begin. A secret may be recognised only by the head of its table, list or key, and this head
 * may be missing. So the tail begins at a line that continues none of these. A tail of one line begins at a word.
 * Returns the text's end if there is no such place, or if an INSERT begins before the tail.
 */
function findTailStart(text: string, searchedTailStart: number, tailStart: number): number {
  if (INSERT_INTO.test(text.slice(0, tailStart))) return text.length
  const from = Math.max(
    tailStart,
    findEndOfColumnsOrList(text, searchedTailStart),
    findTableEnd(text, searchedTailStart),
    findListEnd(text, searchedTailStart),
  )
  const isTailOneLine = !text.includes('\n', searchedTailStart)
  if (isTailOneLine) return findNextWordStart(text, from)
  /** Holds how many cells the previous row has, for each delimiter. Undefined before the first row. */
  let previousCellCounts: number[] | undefined
  for (let start = findNextLineStart(text, from); start < text.length; start = findNextLineStart(text, start)) {
    const line = text.slice(start, findLineEnd(text, start))
    const cellCounts = countCells(line)
    if (previousCellCounts && endsTable(previousCellCounts, cellCounts) && !KEY_LINE.test(line)) return start
    if (CELL_CHARACTER.test(line)) previousCellCounts = cellCounts
  }
  return text.length
}

/**
 * Returns the position, or if aligned columns or a list of secrets may go on there, the end of their paragraph. Only a
 * blank line is certain to end these.
 */
function findEndOfColumnsOrList(text: string, position: number): number {
  const lines = text.slice(text.lastIndexOf('\n\n', position) + 1, position).split('\n')
  if (!lines.some((line) => findAlignedHead(line) || isListHead(line))) return position
  const end = text.indexOf('\n\n', position)
  return end < 0 ? text.length : end
}

const findLineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}
const findNextLineStart = (text: string, from: number): number => findLineEnd(text, from) + 1

function findNextWordStart(text: string, from: number): number {
  const blank = text.indexOf(' ', from)
  return blank < 0 ? text.length : blank + 1
}

/**
 * Returns true if the line does not continue the table of the previous row, whichever delimiter the table has. For
 * each delimiter, the line has one cell, or another number of cells than that row.
 */
const endsTable = (previousCellCounts: number[], cellCounts: number[]): boolean =>
  cellCounts.every((count, index) => count === 1 || count !== previousCellCounts[index])
