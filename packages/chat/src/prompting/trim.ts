import { countUtf16UnitsThatFit, estimateTokens } from '../models/index.ts'
import { divideTokens, countSourceTokens, type PromptParts, takeNewestRounds } from './fit-prompt.ts'
import { countCells, findAlignedHead, findListEnd, findTableEnd, isListHead } from './redaction/rules/index.ts'
import type { Source } from './sources/list-sources.ts'
import { isPrioritized, sortByPriority, takeWhatFits } from './sources/prioritize.ts'

/**
 * Texts are trimmed to this many times the tokens of the prompt: redaction shortens texts, and another text may take
 * the tokens of one that is left out.
 */
const TRIM_FACTOR = 2
/**
 * This many characters at each side of a cut are searched for secrets but not shown. No secret that is recognised only
 * together with its end is longer than this.
 */
export const MARGIN_CHARACTERS = 16 * 1024

/** Holds a text that is searched for secrets. Only the part between `from` and `to` may be shown. */
export interface Excerpt {
  text: string
  from: number
  to: number
}

/** Holds a text for a prompt: all of it, or its head and its tail. */
export interface TrimmedText {
  excerpts: Excerpt[]
  /** Counts the characters between the head and the tail. */
  missingCharacters: number
}

export interface TrimmedParts {
  sources: Array<{ source: Source; trimmed: TrimmedText }>
  history: PromptParts['history']
  question: string
  quote?: Source
}

/** Trims texts that cannot fit a prompt, before the search for secrets, which takes most of the time. */
export function trimParts(
  { sources, history, question, quote }: PromptParts,
  maxPromptTokens: number,
  maxPrioritizedTokens = Number.POSITIVE_INFINITY,
): TrimmedParts {
  const maxTokens = TRIM_FACTOR * maxPromptTokens
  const prioritizedTokens = Math.min(maxPromptTokens, maxPrioritizedTokens)
  const prioritizedSources = sources.filter(isPrioritized)
  const keptByPriority = takeWhatFits(
    prioritizedSources,
    sortByPriority(prioritizedSources),
    TRIM_FACTOR * prioritizedTokens,
    (source) => Math.min(countSourceTokens(source), Math.floor(prioritizedTokens / 2)),
  )
  const otherSources = sources.filter((source) => !isPrioritized(source))
  const shares = divideTokens(otherSources, maxTokens)
  const keptSources = new Set([...keptByPriority, ...otherSources])
  return {
    sources: sources
      .filter((source) => keptSources.has(source))
      // Prioritized sources have no share, because whole ones are taken.
      .map((source) => ({ source, trimmed: trimText(source.text, shares.get(source.id) ?? maxTokens) })),
    history: takeNewestRounds(history, maxTokens),
    question,
    ...(quote && { quote }),
  }
}

/** Returns the whole text if it fits, otherwise a head and a tail of half of the tokens each, both with a margin. */
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

/** Moves an end that would cut a character of two UTF-16 units to the beginning of that character. */
const toWellFormedEnd = (text: string, end: number): number =>
  /[\uDC00-\uDFFF]/.test(text[end] ?? '') && end > 0 ? end - 1 : end

const INSERT = /\bINSERT\s{1,9}INTO\b/i
/** Matches a line that can belong to a private key: much Base64, or a short end such as `> Qm9iIQ==`. */
const KEY_LINE = /[A-Za-z0-9+/]{24}|^[^A-Za-z]{0,40}[A-Za-z0-9+/=]{0,24}[^A-Za-z]{0,8}$/
/** Matches a character that a line of only separators, such as `|---|---|`, does not have. */
const CELL_CHARACTER = /[^\s|:+=-]/

/**
 * Finds where the tail may begin: at a line that continues neither a table nor a key, whose head may have been left
 * out. Returns the text's end if there is none. The rows of an INSERT may be on any line after it.
 */
function findTailStart(text: string, searchedTailStart: number, tailStart: number): number {
  if (INSERT.test(text.slice(0, tailStart))) return text.length
  const from = Math.max(
    tailStart,
    findParagraphEnd(text, searchedTailStart),
    findTableEnd(text, searchedTailStart),
    findListEnd(text, searchedTailStart),
  )
  const isOneLine = !text.includes('\n', searchedTailStart)
  if (isOneLine) return findNextWord(text, from)
  /** Counts the cells of the row before, once for each delimiter. */
  let previousCellCounts: number[] | undefined
  for (let start = findNextLine(text, from); start < text.length; start = findNextLine(text, start)) {
    const line = text.slice(start, findLineEnd(text, start))
    const cellCounts = countCells(line)
    if (previousCellCounts && endsTable(previousCellCounts, cellCounts) && !KEY_LINE.test(line)) return start
    if (CELL_CHARACTER.test(line)) previousCellCounts = cellCounts
  }
  return text.length
}

/**
 * Returns the end of the paragraph at this position if aligned columns or a list of secrets begin in it before the
 * position, because only a blank line certainly ends these. Otherwise returns the position.
 */
function findParagraphEnd(text: string, position: number): number {
  const lines = text.slice(text.lastIndexOf('\n\n', position) + 1, position).split('\n')
  if (!lines.some((line) => findAlignedHead(line) || isListHead(line))) return position
  const end = text.indexOf('\n\n', position)
  return end < 0 ? text.length : end
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

/** Returns true if, for each delimiter, the line has only one cell, or more or fewer cells than the row before it. */
const endsTable = (previousCellCounts: number[], cellCounts: number[]): boolean =>
  cellCounts.every((count, index) => count === 1 || count !== previousCellCounts[index])
