import { createTokenCalibration, type ModelCandidate } from '@engineer-chat/chat/models'
import { CONTEXT_SOURCE_KINDS } from '@engineer-chat/chat/prompting'
import { type AnswerContext, answerReply, createCancelSignals } from '@engineer-chat/chat/replying'
import { systemClock } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import { createFinish, createMemoryHints, createScriptedLlm } from '@engineer-chat/chat/testing'

const noLog = () => {}

/**
 * Creates a worker whose model records its prompts and answers with one word. A prompt may contain every kind of
 * source, including similar incidents.
 */
export function createRecordingWorker(stores: Stores, { isInside = false } = {}) {
  const hints = createMemoryHints()
  const llm = createScriptedLlm([['Noted.', createFinish()]], 'recorder')
  const candidate: ModelCandidate = {
    id: 'recorder',
    provider: llm.provider,
    inside: isInside,
    llm,
    context_window: 32_768,
    max_tokens: 4_096,
    prices: null,
    limits: { total_ms: 30_000, first_token_ms: null, idle_ms: null },
  }
  const ctx: AnswerContext = {
    replies: stores.replies,
    sources: stores.sources,
    bus: hints.bus,
    replyStreams: hints.replyStreams,
    queue: hints.queue,
    models: { list: () => [candidate], analyst: null, limitedModels: [] },
    cancelSignals: createCancelSignals(hints.cancels),
    historyLimit: 20,
    replyDeadlineMs: 60_000,
    clock: systemClock,
    log: { info: noLog, warn: noLog, error: noLog },
    promptSettings: {
      contextWindow: 32_768,
      answerTokens: 4_096,
      roomTokens: 8_192,
      isMailRedacted: false,
      calibration: createTokenCalibration(),
      sourceKinds: new Set(CONTEXT_SOURCE_KINDS),
    },
  }
  return {
    /** Answers the reply, and returns the prompt that the model got. The text is empty if the model was not called. */
    async answer(message_id: string): Promise<string> {
      const callsBefore = llm.requests.length
      await answerReply(ctx, { message_id, attempt: 0 }, new AbortController().signal)
      return llm.requests
        .slice(callsBefore)
        .map(({ turns }) => turns.map(({ content }) => content).join('\n'))
        .join('\n')
    },
  }
}
