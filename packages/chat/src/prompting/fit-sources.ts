import { estimateTokens, TOKENS_PER_TURN, type Turn } from '../models/index.ts'
import { cutMiddle, type Passage } from './cut-middle.ts'
import type { QuotedPart } from './quotes.ts'
import type { Source } from './sources/list-sources.ts'
import { isRoomSource, sortByPriority, takeWhatFits } from './sources/prioritize.ts'

/** Holds what a prompt would contain if everything fitted. */
export interface PromptParts {
  sources: Array<Source & Passage>
  /** Turns are sorted with the oldest first. */
  history: PastQuestion[]
  question: string
  /** The question refers to this text. */
  quote?: Source
}

interface PastQuestion {
  question: string
  answer: string
  quote?: QuotedPart
}

export interface FittedPrompt {
  turns: Turn[]
  /** This is an estimate of the tokens of all turns. */
  tokens: number
  /** Holds the ids of the sources that the prompt includes. */
  includedIds: Set<string>
}

/** Writes the system turn and the notes about cuts. */
export interface Layout {
  /** The room's records may take at most this many tokens. */
  roomTokens: number
  writeSystem(sources: Source[]): string
  writeQuote(quote: QuotedPart): string
  writeCutNote(characters: number): string
}

/** Even if the history is long, the sources may take this part of the space that the question leaves. */
const SOURCES_SHARE = 0.6
/** A quote may take this part of the space beside the task. */
const QUOTE_SHARE = 0.5
/** Even if the other sources are long, the room's records may take this part of the sources' space. */
const ROOM_SHARE = 0.5

/**
 * Fits the prompt into a budget of tokens: the question, the newest whole turns, and the sources. Long sources keep
 * head and tail; of pins, messages and changes those of the highest priority stay. The result exceeds the budget only
 * if the task and the question alone do not fit it.
 */
export function fitPrompt(parts: PromptParts, budget: number, layout: Layout): FittedPrompt {
  const { sources, history } = parts
  const minTokens = countTokens([{ role: 'system', content: layout.writeSystem([]) }])
  const { question, quote } = fitQuestion(parts, budget - minTokens - TOKENS_PER_TURN, layout)
  let space = Math.max(0, budget - minTokens - estimateTokens(question) - TOKENS_PER_TURN)
  for (;;) {
    const fitted = fitSources(sources, computeSourceTokens(space, history), layout)
    const turns = composeTurns(fitted, history, question, space, layout)
    const tokens = countTokens(turns)
    const included = quote ? [...fitted, quote] : fitted
    if (tokens <= budget || space === 0) return { turns, tokens, includedIds: new Set(included.map(({ id }) => id)) }
    space = Math.max(0, space - (tokens - budget)) // The names and fences cost tokens, too.
  }
}

/** Writes the question with its quote. Both are cut if they don't fit, the quote first. */
function fitQuestion(
  { question, quote }: PromptParts,
  space: number,
  layout: Layout,
): { question: string; quote?: Source } {
  const quoteTokens = Math.max(0, Math.floor(space * QUOTE_SHARE) - FENCE_TOKENS)
  const text = quote ? cutMiddle(quote, quoteTokens, layout.writeCutNote) : ''
  const fitted = quote && text !== '' ? { ...quote, text } : undefined
  const left = space - (fitted ? countSourceTokens(fitted) : 0)
  // A question keeps at least 64 tokens, even if the budget is too small.
  const cutQuestion = cutMiddle({ text: question }, Math.max(64, left), layout.writeCutNote)
  return fitted
    ? { question: writeQuestion({ question: cutQuestion, quote: fitted }, layout), quote: fitted }
    : { question: cutQuestion }
}

const writeQuestion = ({ question, quote }: { question: string; quote?: QuotedPart }, layout: Layout): string =>
  quote ? `${layout.writeQuote(quote)}\n\n${question}` : question

const countTokens = (turns: Turn[]): number =>
  turns.reduce((sum, { content }) => sum + estimateTokens(content) + TOKENS_PER_TURN, 0)

/** Returns the tokens that the sources may take. */
function computeSourceTokens(space: number, history: PromptParts['history']): number {
  const historyTokens = history.reduce((sum, turn) => sum + countTurnTokens(turn), 0)
  return Math.max(space - historyTokens, Math.floor(space * SOURCES_SHARE))
}

function composeTurns(
  fitted: Source[],
  history: PromptParts['history'],
  question: string,
  space: number,
  layout: Layout,
): Turn[] {
  const system: Turn = { role: 'system', content: layout.writeSystem(fitted) }
  const rest = space - fitted.reduce((sum, source) => sum + countSourceTokens(source), 0)
  return [
    system,
    ...takeNewestTurns(history, rest).flatMap((turn): Turn[] => [
      { role: 'user', content: writeQuestion(turn, layout) },
      { role: 'assistant', content: turn.answer },
    ]),
    { role: 'user', content: question },
  ]
}

const countTurnTokens = ({ question, answer, quote }: PastQuestion): number =>
  estimateTokens(question) +
  estimateTokens(answer) +
  2 * TOKENS_PER_TURN +
  (quote ? estimateTokens(quote.label) + countSourceTokens(quote) : 0)

/** Estimates what a piece's fence and name cost. */
export const FENCE_TOKENS = 32
export const countSourceTokens = ({ text }: Pick<Source, 'text'>): number => estimateTokens(text) + FENCE_TOKENS

export function takeNewestTurns(history: PromptParts['history'], space: number): PromptParts['history'] {
  let left = space
  let from = history.length
  for (let turn = history[from - 1]; turn !== undefined; turn = history[from - 1]) {
    left -= countTurnTokens(turn)
    if (left < 0) break
    from -= 1
  }
  return history.slice(from)
}

function fitSources(sources: PromptParts['sources'], space: number, layout: Layout): Source[] {
  const recorded = sources.filter(isRoomSource)
  const others = sources.filter((source) => !isRoomSource(source))
  const otherTokens = others.reduce((sum, source) => sum + countSourceTokens(source), 0)
  const share = Math.max(space - otherTokens, Math.floor(space * ROOM_SHARE))
  const roomTokens = Math.min(layout.roomTokens, share)
  const fittedRoom = fitRoomSources(recorded, roomTokens, layout)
  const left = space - fittedRoom.reduce((sum, source) => sum + countSourceTokens(source), 0)
  const fitted = new Map([...cutLongSources(others, left, layout), ...fittedRoom].map((source) => [source.id, source]))
  return sources.flatMap(({ id }) => fitted.get(id) ?? [])
}

/** Takes whole sources by priority. A source that is longer than half of the space is cut. */
function fitRoomSources(pieces: PromptParts['sources'], space: number, { writeCutNote }: Layout): Source[] {
  const cut = pieces.map((piece) => ({
    ...piece,
    text: cutMiddle(piece, Math.floor(space / 2) - FENCE_TOKENS, writeCutNote),
  }))
  const visible = cut.filter(({ text }) => text !== '')
  return takeWhatFits(visible, sortByPriority(visible), space, countSourceTokens)
}

/** Keeps the short sources whole. The long ones share the space that is left. */
function cutLongSources(pieces: PromptParts['sources'], space: number, { writeCutNote }: Layout): Source[] {
  const out: Source[] = []
  let left = space
  for (const [index, piece] of sortShortestFirst(pieces).entries()) {
    const share = Math.floor(left / (pieces.length - index))
    const kept = { ...piece, text: cutMiddle(piece, share - FENCE_TOKENS, writeCutNote) }
    if (kept.text === '') continue
    out.push(kept)
    left -= countSourceTokens(kept)
  }
  return out
}

/** Returns each source's share of the space in tokens, by its id, as `cutLongSources` divides it. */
export function divideAmongLongSources(pieces: Source[], space: number): Map<string, number> {
  const shares = new Map<string, number>()
  let left = space
  for (const [index, piece] of sortShortestFirst(pieces).entries()) {
    const share = Math.floor(left / (pieces.length - index))
    shares.set(piece.id, share)
    left -= Math.min(share, countSourceTokens(piece))
  }
  return shares
}

function sortShortestFirst<T extends Source>(pieces: T[]): T[] {
  const costs = new Map(pieces.map((piece) => [piece, countSourceTokens(piece)]))
  return pieces.toSorted((a, b) => (costs.get(a) ?? 0) - (costs.get(b) ?? 0))
}
