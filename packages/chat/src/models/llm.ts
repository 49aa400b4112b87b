import type { ReplyErrorCode, Usage } from '@engineer-chat/protocol'
import type { ReplyContext } from '../shared/index.ts'

/** Holds one message of a prompt. A round of the session becomes two turns: a question and an answer. */
export interface Turn {
  role: 'system' | 'user' | 'assistant'
  content: string
}

export interface LlmRequest {
  turns: Turn[]
  /** Holds the data from which the turns were built. The offline analyst reads this data instead of the turns. */
  context: ReplyContext
  language: 'zh' | 'en'
  /** Lists the models that were called before this one for the same reply, and why they failed. */
  failedModels?: FailedModel[]
}

export interface FailedModel {
  /** Is the configured model's id. */
  model_id: string
  code: ReplyErrorCode
}

/**
 * Holds a part of a model's stream. `retract` means that all text before it was reasoning, because some models mark
 * only the end of their reasoning. A part with an empty text shows that the call is alive. A stream is complete only if
 * it ends with exactly one `finish`. Its `model` is the provider's name of the model that answered. Its `usage` is null
 * if the provider reported no count of tokens.
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
  /** If true, another call to the same model may succeed. */
  readonly transient: boolean
  /** Before the next call, the endpoint asks for this pause. Null means that it names no pause. */
  readonly retryAfterMs: number | null
  /**
   * The HTTP status for this failure: the endpoint's, that which its error text stands for, or 429 if this system's own
   * limit refuses the call. Null means that no status describes the failure, such as a stream that broke off.
   */
  readonly status: number | null
  /** True means that a circuit breaker refused the call, so that the model was not called. */
  readonly isFromBreaker: boolean

  constructor(
    code: ReplyErrorCode,
    message: string,
    options: { transient: boolean; retryAfterMs?: number; status?: number; isFromBreaker?: boolean; cause?: unknown },
  ) {
    super(message, { cause: options.cause })
    this.name = 'LlmError'
    this.code = code
    this.transient = options.transient
    this.retryAfterMs = options.retryAfterMs ?? null
    this.status = options.status ?? null
    this.isFromBreaker = options.isFromBreaker ?? false
  }
}

/**
 * Returns true if the failure shows that the model works, but accepts no more calls for now. After any other failure it
 * is not known when the model will answer.
 */
export const isFromBusyModel = ({ status, retryAfterMs }: Pick<LlmError, 'status' | 'retryAfterMs'>): boolean =>
  status === 429 || (status === 503 && retryAfterMs !== null)
