import { estimateTokens, TOKENS_PER_TURN, type Turn } from '../models/index.ts'
import { cutMiddle, type TextWithGap } from './cut-middle.ts'
import type { QuotedPart } from './quotes.ts'
import type { Source } from './sources/list-sources.ts'
import { isPrioritized, sortByPriority, takeWhatFits } from './sources/prioritize.ts'

/** Holds what a prompt would contain if everything fitted. */
export interface PromptParts {
  sources: Array<Source & TextWithGap>
  /** Lists the earlier rounds of the session, the oldest first. */
  history: PromptRound[]
  question: string
  /** The question refers to this text. */
  quote?: Source
}

/** Holds an earlier question of the session and its answer. In the prompt they become two turns. */
interface PromptRound {
  question: string
  answer: string
  quote?: QuotedPart
}

export interface FittedPrompt {
  turns: Turn[]
  /** Estimates the tokens of all turns. */
  tokens: number
  /** Holds the ids of the sources that the prompt includes. */
  includedIds: Set<string>
}

export interface PromptLimits {
  /** Limits the tokens of all turns. */
  maxTokens: number
  /** Limits the tokens of the sources that are taken by priority. */
  maxPrioritizedTokens: number
}

/** Writes the parts of the prompt around the sources' texts. */
export interface Layout {
  writeSystem(sources: Source[]): string
  writeQuote(quote: QuotedPart): string
  writeCutNote(missingCharacters: number): string
}

/** Even if the history is long, the sources may take this share of the tokens that instructions and question leave. */
const SOURCES_SHARE = 0.6
/** A quote may take this share of the tokens that the instructions leave. */
const QUOTE_SHARE = 0.5
/** Even if the other sources are long, those that are taken by priority may take this share of the sources' tokens. */
const PRIORITIZED_SHARE = 0.5
/** A question keeps this many tokens, even if fewer are left. */
const MIN_QUESTION_TOKENS = 64

/**
 * Fits the prompt into a number of tokens: the question, the newest whole rounds, and the sources. Long sources keep
 * head and tail; of the prioritized sources, those with the highest priority stay. The result has more than
 * `maxTokens` only if the instructions (the system message without sources) and the question alone have more.
 */
export function fitPrompt(parts: PromptParts, limits: PromptLimits, layout: Layout): FittedPrompt {
  const { sources, history } = parts
  const { maxTokens, maxPrioritizedTokens } = limits
  const instructionTokens = countTokens([{ role: 'system', content: layout.writeSystem([]) }])
  const { question, quote } = fitQuestion(parts, maxTokens - instructionTokens - TOKENS_PER_TURN, layout)
  let tokensLeft = Math.max(0, maxTokens - instructionTokens - estimateTokens(question) - TOKENS_PER_TURN)
  for (;;) {
    const maxSourceTokens = computeMaxSourceTokens(tokensLeft, history)
    const fitted = fitSources(sources, { maxTokens: maxSourceTokens, maxPrioritizedTokens }, layout)
    const turns = composeTurns(fitted, history, question, tokensLeft, layout)
    const tokens = countTokens(turns)
    const included = quote ? [...fitted, quote] : fitted
    if (tokens <= maxTokens || tokensLeft === 0) {
      return { turns, tokens, includedIds: new Set(included.map(({ id }) => id)) }
    }
    // The names and fences took more tokens than `FENCE_TOKENS` and `countRoundTokens` estimated.
    tokensLeft = Math.max(0, tokensLeft - (tokens - maxTokens))
  }
}

/** Writes the question with its quote. Both are cut if they don't fit, the quote first. */
function fitQuestion(
  { question, quote }: PromptParts,
  maxTokens: number,
  layout: Layout,
): { question: string; quote?: Source } {
  const quoteTokens = Math.max(0, Math.floor(maxTokens * QUOTE_SHARE) - FENCE_TOKENS)
  const quotedText = quote ? cutMiddle(quote, quoteTokens, layout.writeCutNote) : ''
  const fittedQuote = quote && quotedText !== '' ? { ...quote, text: quotedText } : undefined
  const questionTokens = maxTokens - (fittedQuote ? countSourceTokens(fittedQuote) : 0)
  const cutQuestion = cutMiddle({ text: question }, Math.max(MIN_QUESTION_TOKENS, questionTokens), layout.writeCutNote)
  return fittedQuote
    ? { question: writeQuestion({ question: cutQuestion, quote: fittedQuote }, layout), quote: fittedQuote }
    : { question: cutQuestion }
}

const writeQuestion = ({ question, quote }: { question: string; quote?: QuotedPart }, layout: Layout): string =>
  quote ? `${layout.writeQuote(quote)}\n\n${question}` : question

const countTokens = (turns: Turn[]): number =>
  turns.reduce((sum, { content }) => sum + estimateTokens(content) + TOKENS_PER_TURN, 0)

/** Returns how many of these tokens the sources may take. */
function computeMaxSourceTokens(tokens: number, history: PromptParts['history']): number {
  const wholeHistoryTokens = history.reduce((sum, round) => sum + countRoundTokens(round), 0)
  return Math.max(tokens - wholeHistoryTokens, Math.floor(tokens * SOURCES_SHARE))
}

function composeTurns(
  sources: Source[],
  history: PromptParts['history'],
  question: string,
  tokensLeft: number,
  layout: Layout,
): Turn[] {
  const maxHistoryTokens = tokensLeft - sumSourceTokens(sources)
  return [
    { role: 'system', content: layout.writeSystem(sources) },
    ...takeNewestRounds(history, maxHistoryTokens).flatMap((round): Turn[] => [
      { role: 'user', content: writeQuestion(round, layout) },
      { role: 'assistant', content: round.answer },
    ]),
    { role: 'user', content: question },
  ]
}

const countRoundTokens = ({ question, answer, quote }: PromptRound): number =>
  estimateTokens(question) +
  estimateTokens(answer) +
  2 * TOKENS_PER_TURN +
  (quote ? estimateTokens(quote.label) + countSourceTokens(quote) : 0)

/** The fence and the name of a source take about this many tokens. */
export const FENCE_TOKENS = 32
export const countSourceTokens = ({ text }: Pick<Source, 'text'>): number => estimateTokens(text) + FENCE_TOKENS

const sumSourceTokens = (sources: Source[]): number =>
  sources.reduce((sum, source) => sum + countSourceTokens(source), 0)

export function takeNewestRounds(history: PromptParts['history'], maxTokens: number): PromptParts['history'] {
  let tokensLeft = maxTokens
  let count = 0
  for (const round of history.toReversed()) {
    tokensLeft -= countRoundTokens(round)
    if (tokensLeft < 0) break
    count += 1
  }
  return history.slice(history.length - count)
}

function fitSources(
  sources: PromptParts['sources'],
  { maxTokens, maxPrioritizedTokens }: PromptLimits,
  layout: Layout,
): Source[] {
  const prioritizedSources = sources.filter(isPrioritized)
  const otherSources = sources.filter((source) => !isPrioritized(source))
  const prioritizedTokens = Math.min(
    maxPrioritizedTokens,
    Math.max(maxTokens - sumSourceTokens(otherSources), Math.floor(maxTokens * PRIORITIZED_SHARE)),
  )
  const fittedByPriority = fitPrioritizedSources(prioritizedSources, prioritizedTokens, layout)
  const fittedOthers = cutLongSources(otherSources, maxTokens - sumSourceTokens(fittedByPriority), layout)
  const fitted = new Map([...fittedOthers, ...fittedByPriority].map((source) => [source.id, source]))
  return sources.flatMap(({ id }) => fitted.get(id) ?? [])
}

/** Cuts each source to at most half of the tokens, then takes by priority those that fit as a whole. */
function fitPrioritizedSources(sources: PromptParts['sources'], maxTokens: number, { writeCutNote }: Layout): Source[] {
  const cutSources = sources.map((source) => ({
    ...source,
    text: cutMiddle(source, Math.floor(maxTokens / 2) - FENCE_TOKENS, writeCutNote),
  }))
  const nonEmpty = cutSources.filter(({ text }) => text !== '')
  return takeWhatFits(nonEmpty, sortByPriority(nonEmpty), maxTokens, countSourceTokens)
}

/** Keeps the short sources whole. The long ones share the tokens that are left. */
function cutLongSources(sources: PromptParts['sources'], maxTokens: number, { writeCutNote }: Layout): Source[] {
  const fitted: Source[] = []
  let tokensLeft = maxTokens
  for (const [index, source] of sortShortestFirst(sources).entries()) {
    const share = Math.floor(tokensLeft / (sources.length - index))
    const cutSource = { ...source, text: cutMiddle(source, share - FENCE_TOKENS, writeCutNote) }
    if (cutSource.text === '') continue
    fitted.push(cutSource)
    tokensLeft -= countSourceTokens(cutSource)
  }
  return fitted
}

/**
 * Returns each source's share of the tokens by its id, nearly as `cutLongSources` divides them. It cuts no text, so it
 * counts the whole share of a source that is too long.
 */
export function computeTokenShares(sources: Source[], maxTokens: number): Map<string, number> {
  const shares = new Map<string, number>()
  let tokensLeft = maxTokens
  for (const [index, source] of sortShortestFirst(sources).entries()) {
    const share = Math.floor(tokensLeft / (sources.length - index))
    shares.set(source.id, share)
    tokensLeft -= Math.min(share, countSourceTokens(source))
  }
  return shares
}

function sortShortestFirst<T extends Source>(sources: T[]): T[] {
  const costs = new Map(sources.map((source) => [source, countSourceTokens(source)]))
  return sources.toSorted((a, b) => (costs.get(a) ?? 0) - (costs.get(b) ?? 0))
}
