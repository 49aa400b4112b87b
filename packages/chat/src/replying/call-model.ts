import type { Usage } from '@engineer-chat/protocol'
import { type CallTimeLimits, type Llm, LlmError, type LlmRequest, type LlmStreamPart } from '../models/index.ts'
import type { TextTransform } from '../prompting/index.ts'
import type { Clock, ReplyStream } from '../shared/index.ts'
import { createRepetitionWatch, MIN_LOOP_CHARACTERS } from './repetition.ts'
import { type StreamProgress, waitForLimit } from './time-limits.ts'

/** A model that writes more characters than this is stopped, and its answer ends as too long. */
export const MAX_ANSWER_CHARACTERS = 200_000
/** At most this many characters of a model's reasoning are kept; the model may write more. */
const MAX_REASONING_CHARACTERS = 16_000

/** All calls share this reason, because an abort without a reason creates an error with a stack each time. */
const CALL_OVER = new Error('The call is over.')

/** Holds what one call has produced so far, and keeps it when the call is stopped. */
export interface Draft {
  text: string
  reasoning: string
  finish: { reason: 'stop' | 'length'; usage: Usage | null; model: string } | null
  firstTokenMs: number | null
}

export const createDraft = (): Draft => ({ text: '', reasoning: '', finish: null, firstTokenMs: null })

/**
 * Makes one call and adds the parts of its stream to the draft and to the reply stream.
 * @throws LlmError; the signal's reason when it is aborted
 */
export async function callModel(
  { llm, request, restorer, replyStream, clock, limits }: CallOptions,
  draft: Draft,
  signal: AbortSignal,
): Promise<void> {
  const progress: StreamProgress = { startedAtMs: clock.now(), lastPartAtMs: null }
  const callOver = new AbortController()
  const timeOver = new AbortController()
  waitForLimit(clock, limits, progress, callOver.signal).then(
    (failure) => timeOver.abort(failure),
    () => {},
  )
  const addText = (text: string) => {
    draft.text += text
    // The stored text has this replacement, too.
    if (text !== '') replyStream.append(text.replaceAll('\0', '\uFFFD'))
  }
  const watches = { text: createRepetitionWatch(), reasoning: createRepetitionWatch() }
  try {
    const stopSignal = AbortSignal.any([signal, timeOver.signal])
    for await (const part of stopAtAbort(llm.stream(request, stopSignal), stopSignal)) {
      progress.lastPartAtMs = clock.now()
      if (part.type === 'finish') draft.finish = part
      else draft.firstTokenMs ??= progress.lastPartAtMs - progress.startedAtMs
      if (part.type === 'retract') {
        // Some models mark only the end of their thinking, so the text so far was reasoning.
        retract(draft, restorer)
        watches.text.reset()
      }
      if (isWatchedForLoops(part) && watches[part.type].push(part.text)) throw createRepetitionError()
      if (part.type === 'reasoning') addReasoning(draft, part.text)
      if (part.type !== 'text') continue
      addText(restorer.push(part.text))
      if (draft.text.length > MAX_ANSWER_CHARACTERS) {
        draft.finish = { reason: 'length', usage: null, model: llm.model }
        break
      }
    }
  } finally {
    callOver.abort(CALL_OVER)
    addText(restorer.end())
  }
  if (!draft.finish) throw new LlmError('llm_stream_cut', 'the stream ended without a finish', { transient: true })
  if (draft.text.trim() === '') throw new LlmError('llm_empty_answer', 'the answer is empty', { transient: true })
}

const createRepetitionError = (): LlmError =>
  new LlmError('llm_repeating', 'the model repeats the same text', { transient: true })

type TextPart = Extract<LlmStreamPart, { text: string }>

/**
 * Returns true for a part in which a loop can be stopped: any text, and reasoning unless it arrives as one long part,
 * which is complete already.
 */
const isWatchedForLoops = (part: LlmStreamPart): part is TextPart =>
  part.type === 'text' || (part.type === 'reasoning' && part.text.length < MIN_LOOP_CHARACTERS)

/**
 * Moves the text of the answer to the reasoning. Readers still see it in the reply stream until the final row is
 * stored.
 */
function retract(draft: Draft, restorer: TextTransform): void {
  addReasoning(draft, draft.text + restorer.end())
  draft.text = ''
}

function addReasoning(draft: Draft, text: string): void {
  draft.reasoning += text.slice(0, MAX_REASONING_CHARACTERS - draft.reasoning.length)
}

export interface CallOptions {
  llm: Llm
  request: LlmRequest
  restorer: TextTransform
  replyStream: ReplyStream
  clock: Clock
  limits: CallTimeLimits
}

/** Yields the parts of a stream. Throws the signal's reason immediately, even if the stream ignores the signal. */
async function* stopAtAbort(stream: AsyncIterable<LlmStreamPart>, signal: AbortSignal): AsyncGenerator<LlmStreamPart> {
  const parts = stream[Symbol.asyncIterator]()
  const aborted = Promise.withResolvers<never>()
  aborted.promise.catch(() => {})
  const onAbort = () => aborted.reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      const next = await Promise.race([parts.next(), aborted.promise])
      if (next.done) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    parts.return?.()?.catch(() => {}) // The return is not awaited, because it may hang where the stream hangs.
  }
}
