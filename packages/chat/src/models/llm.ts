import type { ReplyErrorCode, Usage } from '@engineer-chat/protocol'
import type { ReplyContext } from '../shared/index.ts'

/** Holds one message of a prompt. A round of the session becomes two turns: a question and an answer. */
export interface Turn {
  role: 'system' | 'user' | 'assistant'
  content: string
}

export interface LlmRequest {
  turns: Turn[]
  /** The offline analyst calls no model and reads the context that the prompt was built from. */
  context: ReplyContext
  language: 'zh' | 'en'
  /** Lists the models that were asked before this one, and why they failed. */
  failedModels?: FailedModel[]
}

export interface FailedModel {
  /** Is the model's id, by which callers name it. */
  model: string
  code: ReplyErrorCode
}

/**
 * Holds a part of a model's stream. `retract` turns all text before it into reasoning, because some models mark only
 * the end of their reasoning. A part with an empty text shows that the call is alive. A stream is complete only if it
 * ends with exactly one `finish`, whose `model` is the provider's name of the model that answered and whose `usage` is
 * null if the provider reported none.
 */
export type LlmStreamPart =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'retract' }
  | { type: 'finish'; reason: 'stop' | 'length'; usage: Usage | null; model: string }

export interface Llm {
  /** The provider knows the model by this name. */
  readonly model: string
  readonly provider: string
  /** @throws LlmError; the signal's reason when it is aborted. */
  stream(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmStreamPart>
}

/** The message is for logs: it contains neither the key nor the body of a request or a response. */
export class LlmError extends Error {
  readonly code: ReplyErrorCode
  /** If true, another call may succeed. */
  readonly transient: boolean
  readonly retryAfterMs: number | null
  /** The endpoint's HTTP status, or the status that its error text stands for; null if it did not respond. */
  readonly status: number | null

  constructor(
    code: ReplyErrorCode,
    message: string,
    options: { transient: boolean; retryAfterMs?: number; status?: number; cause?: unknown },
  ) {
    super(message, { cause: options.cause })
    this.name = 'LlmError'
    this.code = code
    this.transient = options.transient
    this.retryAfterMs = options.retryAfterMs ?? null
    this.status = options.status ?? null
  }
}

/**
 * Returns true if the model accepts no calls for now but will do so later. After any other failure it is not known when
 * the model will answer.
 */
export const isBusy = ({ status, retryAfterMs }: Pick<LlmError, 'status' | 'retryAfterMs'>): boolean =>
  status === 429 || (status === 503 && retryAfterMs !== null)
