import type { Usage } from '@engineer-chat/protocol'
import { type LiveReply, type Llm, LlmError, type LlmPiece, type LlmRequest } from '../ports/index.ts'
import type { Clock } from './clock.ts'

/** A model that doesn't stop by itself is stopped here; the answer then ends as one that was too long. */
const MAX_ANSWER_CHARACTERS = 200_000

/** What one call has given so far; whoever stops the call still has it. */
export interface Draft {
  text: string
  finish: { reason: 'stop' | 'length'; usage: Usage | null; model: string } | null
  first_token_ms: number | null
}

export const emptyDraft = (): Draft => ({ text: '', finish: null, first_token_ms: null })

/**
 * One call: pieces go into the draft and to whoever follows live.
 * @throws LlmError; the signal's reason when it is aborted
 */
export async function callModel(
  { llm, request, live, clock, timeout_ms }: CallOptions,
  draft: Draft,
  signal: AbortSignal,
): Promise<void> {
  const began = clock.now()
  const over = new AbortController()
  const deadline = new AbortController()
  clock.sleep(timeout_ms, over.signal).then(
    () => deadline.abort(new LlmError('llm_timeout', `no complete answer in ${timeout_ms} ms`, { transient: true })),
    () => {},
  )
  try {
    const either = AbortSignal.any([signal, deadline.signal])
    for await (const piece of untilAborted(llm.stream(request, either), either)) {
      if (piece.type === 'finish') draft.finish = piece
      else draft.first_token_ms ??= clock.now() - began
      if (piece.type !== 'text') continue
      draft.text += piece.text
      live.append(piece.text.replaceAll('\0', '\uFFFD'))
      if (draft.text.length > MAX_ANSWER_CHARACTERS) draft.finish = { reason: 'length', usage: null, model: llm.model }
      if (draft.finish) break
    }
  } finally {
    over.abort()
  }
  if (!draft.finish) throw new LlmError('llm_stream_cut', 'the stream ended without a finish', { transient: true })
  if (draft.text.trim() === '') throw new LlmError('llm_unavailable', 'the answer is empty', { transient: true })
}

export interface CallOptions {
  llm: Llm
  request: LlmRequest
  live: LiveReply
  clock: Clock
  timeout_ms: number
}

/** Ends with the signal's reason at once, also when the stream itself doesn't listen to it. */
async function* untilAborted(stream: AsyncIterable<LlmPiece>, signal: AbortSignal): AsyncGenerator<LlmPiece> {
  const pieces = stream[Symbol.asyncIterator]()
  const aborted = Promise.withResolvers<never>()
  aborted.promise.catch(() => {})
  const onAbort = () => aborted.reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      const next = await Promise.race([pieces.next(), aborted.promise])
      if (next.done) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    pieces.return?.()?.catch(() => {}) // not waited for: it may hang where the stream does
  }
}
