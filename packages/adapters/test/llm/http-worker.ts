import { createModelChains } from '@engineer-chat/adapters/llm'
import { createTokenCalibration } from '@engineer-chat/chat/models'
import { CONTEXT_SOURCE_KINDS } from '@engineer-chat/chat/prompting'
import { type AnswerContext, answerReply, createCancelSignals } from '@engineer-chat/chat/replying'
import { createId, createSessionId, sha256, systemClock } from '@engineer-chat/chat/shared'
import { createMemoryHints, createMemoryStores } from '@engineer-chat/chat/testing'
import type { Event } from '@engineer-chat/protocol'
import type { ConfiguredModel } from '../../src/llm/models/configured-models.ts'

/** Configures a model behind an endpoint. Its first token and each next one may take a second. */
export const createModel = (
  id: string,
  endpoint: string,
  overrides: Partial<ConfiguredModel> = {},
): ConfiguredModel => ({
  id,
  endpoint,
  provider: 'openai-compatible',
  api_key_env: null,
  model: id,
  fallbacks: [],
  choose_for: [],
  context_window: 1_000_000,
  max_tokens: 100,
  prices: null,
  limits: { total_ms: 20_000, first_token_ms: 1_000, idle_ms: 1_000 },
  ...overrides,
})

// The worker waits about a second before it repeats a call. The tests shorten only this wait, to a fiftieth.
const sleep: AnswerContext['clock']['sleep'] = (ms, signal) =>
  systemClock.sleep(ms > 400 && ms < 1_600 ? ms / 50 : ms, signal)

/** Starts a worker on memory stores, whose models are asked over HTTP. The first model is the default. */
export function createHttpWorker(
  models: ConfiguredModel[],
  breaker = { failures: 1_000, openMs: 60_000 },
  replyDeadlineMs = 600_000,
) {
  const stores = createMemoryStores()
  const userCreated = stores.users.create({
    user_id: createId(),
    username: 'alice',
    password_hash: '',
    role: 'engineer',
  })
  const hints = createMemoryHints()
  const logLines: unknown[] = []
  const write = (...line: unknown[]) => void logLines.push(line)
  const modelChains = createModelChains(
    { default: models[0]?.id ?? '', models, isFromFile: true, fallback: 'none' },
    {},
    breaker,
  )
  const ctx: AnswerContext = {
    replies: stores.replies,
    sources: stores.sources,
    models: modelChains,
    bus: hints.bus,
    replyStreams: hints.replyStreams,
    queue: hints.queue,
    cancelSignals: createCancelSignals(hints.cancels),
    historyLimit: 20,
    promptSettings: {
      contextWindow: 32_768,
      answerTokens: 4_096,
      roomTokens: 8_192,
      isMailRedacted: true,
      calibration: createTokenCalibration(),
      sourceKinds: new Set(CONTEXT_SOURCE_KINDS),
    },
    replyDeadlineMs,
    clock: { ...systemClock, sleep, random: () => 0.5 },
    log: { info: write, warn: write, error: write },
  }
  const openEvent = async (fields: Partial<Pick<Event, 'event_name' | 'message' | 'context' | 'tlp'>> = {}) => {
    const event = {
      event_name: 'Strange logins',
      message: 'Forty failed logins.',
      context: '',
      tlp: 'amber' as const,
      ...fields,
    }
    const event_id = createId()
    await stores.events.create({
      ...event,
      event_id,
      severity: 'high',
      source: 'siem',
      access: 'open',
      created_by: null,
    })
    return event_id
  }
  /** Asks a question and answers it. Returns the row of the answer. */
  const askAndAnswer = async (event_id: string, text: string, model: string | null = null) => {
    const { user_id } = await userCreated
    const asked = await stores.messages.ask({
      event_id,
      user_id,
      text,
      client_message_id: null,
      request_hash: sha256(text),
      session_id: null,
      visibility: null,
      model,
      forbidden_tlp: [],
      max_rounds: 1_000,
      question_id: createId(),
      reply_id: createId(),
      new_session_id: createSessionId(event_id, user_id),
    })
    const { message_id } = asked.reply.message
    await answerReply(ctx, { message_id, attempt: 0 }, new AbortController().signal)
    return stores.data.messages.get(message_id)?.row.message
  }
  return { stores, hints, logLines, userCreated, openEvent, askAndAnswer }
}
