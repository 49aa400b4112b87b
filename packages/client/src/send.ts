import type { SendMessage, SendResult } from '@engineer-chat/protocol'
import { type Backoff, pickBackoffMs, sleep } from './backoff.ts'
import type { ApiRequest } from './http-request.ts'
import { ApiProblem, isTransient } from './problem.ts'

export interface SendOptions {
  signal?: AbortSignal
  /** Limits the number of requests for one question (6 by default), the first one included. */
  maxRequests?: number
}

const DEFAULT_MAX_REQUESTS = 6
/** The question is not sent again if the server asks for a longer wait. */
const MAX_RETRY_AFTER_MS = 30_000

/**
 * Sends a question, and sends it again after a transient error. Every request carries the same id: the server stores
 * the question once and responds to a repeated id with what the first request stored.
 */
export async function sendQuestion(
  ctx: { fetchBody(request: ApiRequest): Promise<SendResult>; backoff: Backoff },
  question: SendMessage,
  { signal, maxRequests = DEFAULT_MAX_REQUESTS }: SendOptions,
): Promise<SendResult> {
  const body: SendMessage = { ...question, client_message_id: question.client_message_id ?? createClientMessageId() }
  for (let requests = 1; ; requests += 1) {
    try {
      return await ctx.fetchBody({ method: 'POST', path: '/api/engineer-chat/send', body, ...(signal && { signal }) })
    } catch (error) {
      if (!isTransient(error) || requests >= maxRequests) throw error
      const retryAfterMs = error instanceof ApiProblem ? (error.retryAfterMs ?? 0) : 0
      if (retryAfterMs > MAX_RETRY_AFTER_MS) throw error
      await sleep(retryAfterMs + pickBackoffMs(ctx.backoff, requests - 1), signal)
    }
  }
}

/** Creates a random id. Browsers lack `crypto.randomUUID` on a plain http page of another machine. */
export function createClientMessageId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
