import type { Usage } from '@engineer-chat/protocol'
import { type CallTimeLimits, type Llm, LlmError, type LlmRequest, type LlmStreamPart } from '../models/index.ts'
import type { TextTransform } from '../prompting/index.ts'
import type { Clock, ReplyStream } from '../shared/index.ts'
import { createRepetitionWatch, MIN_LOOP_CHARACTERS } from './repetition.ts'
import { type StreamProgress, waitForLimit } from './time-limits.ts'

/** A model is stopped when its answer has more characters than this. The answer then ends with the reason `length`. */
export const MAX_ANSWER_CHARACTERS = 200_000
/** At most this many characters of a model's reasoning are kept; the model may write more. */
const MAX_REASONING_CHARACTERS = 16_000

/**
 * Ends the wait for a time limit when a call has ended. All calls share this error, because an abort without a reason
 * creates an error with a stack each time.
 */
const CALL_ENDED = new Error('The call is over.')

/** Holds what a model has written so far in one call, and keeps it when the call is stopped. */
export interface Draft {
  /** Holds the answer. Its secrets are restored. */
  text: string
  /** Holds the beginning of the model's reasoning. Its secrets may still be placeholders. */
  reasoning: string
  /** Is null until the stream has come to its regular end, or the answer has become too long. */
  finish: { reason: 'stop' | 'length'; usage: Usage | null; model: string } | null
  /** Is the time from the beginning of the call to its first token, or null if none has arrived. */
  firstTokenMs: number | null
}

export const createDraft = (): Draft => ({ text: '', reasoning: '', finish: null, firstTokenMs: null })

/**
 * Makes one call. Adds the text of the answer to the draft and to the reply stream, but the reasoning only to the
 * draft.
 * @throws LlmError; the reason of `signal` when it is aborted
 */
export async function callModel(
  { llm, request, restorer, replyStream, clock, limits }: CallOptions,
  draft: Draft,
  signal: AbortSignal,
): Promise<void> {
  const progress: StreamProgress = { startedAtMs: clock.now(), lastPartAtMs: null }
  const limitWaitController = new AbortController()
  const timeoutController = new AbortController()
  waitForLimit(clock, limits, progress, limitWaitController.signal).then(
    (failure) => timeoutController.abort(failure),
    () => {}, // The call ended before a limit was reached.
  )
  const addText = (text: string) => {
    draft.text += text
    // The stored text gets the same replacement of NUL.
    if (text !== '') replyStream.append(text.replaceAll('\0', '\uFFFD'))
  }
  const watches = { text: createRepetitionWatch(), reasoning: createRepetitionWatch() }
  try {
    const stopSignal = AbortSignal.any([signal, timeoutController.signal])
    for await (const part of stopAtAbort(llm.stream(request, stopSignal), stopSignal)) {
      progress.lastPartAtMs = clock.now()
      if (part.type === 'finish') draft.finish = part
      else draft.firstTokenMs ??= progress.lastPartAtMs - progress.startedAtMs
      if (part.type === 'retract') {
        // Some models mark only the end of their thinking, so the text so far was reasoning.
        retract(draft, restorer)
        watches.text.reset()
      }
      const isLoop = isWatchedForLoops(part) && watches[part.type].push(part.text)
      if (isLoop) throw createRepetitionError()
      if (part.type === 'reasoning') addReasoning(draft, part.text)
      if (part.type !== 'text') continue
      addText(restorer.push(part.text))
      if (draft.text.length > MAX_ANSWER_CHARACTERS) {
        draft.finish = { reason: 'length', usage: null, model: llm.model }
        break
      }
    }
  } finally {
    limitWaitController.abort(CALL_ENDED)
    addText(restorer.end())
  }
  if (!draft.finish) throw new LlmError('llm_stream_cut', 'the stream ended without a finish', { transient: true })
  if (draft.text.trim() === '') throw new LlmError('llm_empty_answer', 'the answer is empty', { transient: true })
}

const createRepetitionError = (): LlmError =>
  new LlmError('llm_repeating', 'the model repeats the same text', { transient: true })

type TextPart = Extract<LlmStreamPart, { text: string }>

/**
 * Returns true for every part of the answer and for short parts of the reasoning. Reasoning that arrives in one long
 * part is complete already, so a stop would save nothing.
 */
const isWatchedForLoops = (part: LlmStreamPart): part is TextPart =>
  part.type === 'text' || (part.type === 'reasoning' && part.text.length < MIN_LOOP_CHARACTERS)

/**
 * Moves the draft's text to its reasoning. The reply stream cannot take the text back, so readers see it until the
 * final row is stored.
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
  const rejection = Promise.withResolvers<never>()
  rejection.promise.catch(() => {})
  const onAbort = () => rejection.reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      const next = await Promise.race([parts.next(), rejection.promise])
      if (next.done) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    parts.return?.()?.catch(() => {}) // This is not awaited, because it never settles if the stream hangs.
  }
}
