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
  /** Limits the tokens of the prioritized sources. */
  maxPrioritizedTokens: number
}

/** Writes the system message with the sources, a quote in its fence, and the note where a text is cut. */
export interface Layout {
  writeSystem(sources: Source[]): string
  writeQuote(quote: QuotedPart): string
  writeCutNote(missingCharacters: number): string
}

/** Even if the history is long, the sources may take this share of the tokens that both have together. */
const SOURCES_SHARE = 0.6
/** A quote may take at most this share of the tokens that the instructions leave, even if the question is short. */
const QUOTE_SHARE = 0.5
/** Even if the other sources are long, the prioritized ones may take this share of the tokens of all sources. */
const PRIORITIZED_SHARE = 0.5
/** A question keeps this many tokens, even if fewer are left. */
const MIN_QUESTION_TOKENS = 64

/**
 * Writes the turns of a prompt that has at most `maxTokens`: the instructions (the system message without sources), the
 * sources, the newest rounds as a whole, and the question. Long sources keep head and tail. Of the prioritized sources,
 * those with the highest priority stay. The turns have more tokens only if the instructions and the question with its
 * quote alone have more.
 */
export function fitPrompt(parts: PromptParts, limits: PromptLimits, layout: Layout): FittedPrompt {
  const { sources, history } = parts
  const { maxTokens, maxPrioritizedTokens } = limits
  const instructionTokens = countTokens([{ role: 'system', content: layout.writeSystem([]) }])
  const { questionContent, quote } = fitQuestion(parts, maxTokens - instructionTokens - TOKENS_PER_TURN, layout)
  // The sources and the history share these tokens.
  let tokensLeft = Math.max(0, maxTokens - instructionTokens - estimateTokens(questionContent) - TOKENS_PER_TURN)
  for (;;) {
    const maxSourcesTokens = computeMaxSourcesTokens(tokensLeft, history)
    const fittedSources = fitSources(sources, { maxSourcesTokens, maxPrioritizedTokens }, layout)
    const turns = composeTurns(fittedSources, history, questionContent, tokensLeft, layout)
    const tokens = countTokens(turns)
    const includedSources = quote ? [...fittedSources, quote] : fittedSources
    if (tokens <= maxTokens || tokensLeft === 0) {
      return { turns, tokens, includedIds: new Set(includedSources.map(({ id }) => id)) }
    }
    // The labels and fences took more tokens than `FENCE_TOKENS` and `countRoundTokens` estimated.
    tokensLeft = Math.max(0, tokensLeft - (tokens - maxTokens))
  }
}

/**
 * Writes the content of the question's turn: the quote and the question. A quote that is longer than its share is
 * cut. The question gets the rest, and is cut if it is longer.
 */
function fitQuestion(
  { question, quote }: PromptParts,
  maxTokens: number,
  layout: Layout,
): { questionContent: string; quote?: Source } {
  const quoteTokens = Math.max(0, Math.floor(maxTokens * QUOTE_SHARE) - FENCE_TOKENS)
  const quotedText = quote ? cutMiddle(quote, quoteTokens, layout.writeCutNote) : ''
  const fittedQuote = quote && quotedText !== '' ? { ...quote, text: quotedText } : undefined
  const questionTokens = maxTokens - (fittedQuote ? countSourceTokens(fittedQuote) : 0)
  const fittedQuestion = cutMiddle(
    { text: question },
    Math.max(MIN_QUESTION_TOKENS, questionTokens),
    layout.writeCutNote,
  )
  return fittedQuote
    ? {
        questionContent: writeQuestion({ question: fittedQuestion, quote: fittedQuote }, layout),
        quote: fittedQuote,
      }
    : { questionContent: fittedQuestion }
}

const writeQuestion = ({ question, quote }: { question: string; quote?: QuotedPart }, layout: Layout): string =>
  quote ? `${layout.writeQuote(quote)}\n\n${question}` : question

const countTokens = (turns: Turn[]): number =>
  turns.reduce((sum, { content }) => sum + estimateTokens(content) + TOKENS_PER_TURN, 0)

/** Returns how many of these tokens all sources together may take. */
function computeMaxSourcesTokens(tokens: number, history: PromptParts['history']): number {
  const wholeHistoryTokens = history.reduce((sum, round) => sum + countRoundTokens(round), 0)
  return Math.max(tokens - wholeHistoryTokens, Math.floor(tokens * SOURCES_SHARE))
}

/**
 * Composes all turns: the system message with the sources, the newest rounds that fit beside them, and the question.
 * Sources and rounds share `maxTokens`.
 */
function composeTurns(
  sources: Source[],
  history: PromptParts['history'],
  questionContent: string,
  maxTokens: number,
  layout: Layout,
): Turn[] {
  const maxHistoryTokens = maxTokens - sumSourceTokens(sources)
  return [
    { role: 'system', content: layout.writeSystem(sources) },
    ...takeNewestRounds(history, maxHistoryTokens).flatMap((round): Turn[] => [
      { role: 'user', content: writeQuestion(round, layout) },
      { role: 'assistant', content: round.answer },
    ]),
    { role: 'user', content: questionContent },
  ]
}

const countRoundTokens = ({ question, answer, quote }: PromptRound): number =>
  estimateTokens(question) +
  estimateTokens(answer) +
  2 * TOKENS_PER_TURN +
  (quote ? estimateTokens(quote.label) + countSourceTokens(quote) : 0)

/** The fence, the id and the label of a source take about this many tokens. */
export const FENCE_TOKENS = 32
export const countSourceTokens = ({ text }: Pick<Source, 'text'>): number => estimateTokens(text) + FENCE_TOKENS

const sumSourceTokens = (sources: Source[]): number =>
  sources.reduce((sum, source) => sum + countSourceTokens(source), 0)

/** Returns the newest rounds that have at most `maxTokens` together. No round is cut. */
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
  { maxSourcesTokens, maxPrioritizedTokens }: { maxSourcesTokens: number; maxPrioritizedTokens: number },
  layout: Layout,
): Source[] {
  const prioritizedSources = sources.filter(isPrioritized)
  const otherSources = sources.filter((source) => !isPrioritized(source))
  const tokensForPrioritized = Math.min(
    maxPrioritizedTokens,
    Math.max(maxSourcesTokens - sumSourceTokens(otherSources), Math.floor(maxSourcesTokens * PRIORITIZED_SHARE)),
  )
  const fittedByPriority = fitPrioritizedSources(prioritizedSources, tokensForPrioritized, layout)
  const fittedOthers = cutLongSources(otherSources, maxSourcesTokens - sumSourceTokens(fittedByPriority), layout)
  const fittedById = new Map([...fittedOthers, ...fittedByPriority].map((source) => [source.id, source]))
  return sources.flatMap(({ id }) => fittedById.get(id) ?? [])
}

/**
 * Cuts each source that has more than half of `maxTokens`. Then takes the sources by priority, and skips each one that
 * does not fit into the tokens left.
 */
function fitPrioritizedSources(sources: PromptParts['sources'], maxTokens: number, { writeCutNote }: Layout): Source[] {
  const candidates = sources.map((source) => ({
    ...source,
    text: cutMiddle(source, Math.floor(maxTokens / 2) - FENCE_TOKENS, writeCutNote),
  }))
  const nonEmpty = candidates.filter(({ text }) => text !== '')
  return takeWhatFits(nonEmpty, sortByPriority(nonEmpty), maxTokens, countSourceTokens)
}

/** Keeps the short sources whole. The long ones share the tokens that are left. */
function cutLongSources(sources: PromptParts['sources'], maxTokens: number, { writeCutNote }: Layout): Source[] {
  const fitted: Source[] = []
  let tokensLeft = maxTokens
  for (const [index, source] of sortShortestFirst(sources).entries()) {
    const maxSourceTokens = Math.floor(tokensLeft / (sources.length - index))
    const fittedSource = { ...source, text: cutMiddle(source, maxSourceTokens - FENCE_TOKENS, writeCutNote) }
    if (fittedSource.text === '') continue
    fitted.push(fittedSource)
    tokensLeft -= countSourceTokens(fittedSource)
  }
  return fitted
}

/**
 * Divides the tokens among the sources nearly as `cutLongSources` does. Returns by id how many tokens each source may
 * take. `cutLongSources` gives the tokens that a cut text leaves unused to other sources. This function does not,
 * because it cuts no text.
 */
export function divideTokens(sources: Source[], maxTokens: number): Map<string, number> {
  const maxTokensById = new Map<string, number>()
  let tokensLeft = maxTokens
  for (const [index, source] of sortShortestFirst(sources).entries()) {
    const maxSourceTokens = Math.floor(tokensLeft / (sources.length - index))
    maxTokensById.set(source.id, maxSourceTokens)
    tokensLeft -= Math.min(maxSourceTokens, countSourceTokens(source))
  }
  return maxTokensById
}

function sortShortestFirst<T extends Source>(sources: T[]): T[] {
  const tokenCounts = new Map(sources.map((source) => [source, countSourceTokens(source)]))
  return sources.toSorted((a, b) => (tokenCounts.get(a) ?? 0) - (tokenCounts.get(b) ?? 0))
}
