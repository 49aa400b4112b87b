import type { Hit, MessageContent, Usage } from '@engineer-chat/protocol'
import type { Spend } from '../budgets/index.ts'
import type { ReplyContext, ReplyRef, RoomChange, StoredMessage } from '../shared/index.ts'

export interface Claim {
  /** `row.attempt` is the fence that every later write carries. */
  row: StoredMessage
  /** Claims since the question was asked or retried, this one included. */
  tries: number
  cancel_requested: boolean
  model: string | null
}

/**
 * States how a reply ends. `hits` is what the output filter found in the stored text; with hits the reply is flagged.
 */
export interface ReplyOutcome {
  type: 'chat' | 'error'
  content: MessageContent
  hits?: Hit[]
}

export interface FinishResult {
  row: StoredMessage
  change: RoomChange
  /** This job is the session's next unfinished reply. */
  job: ReplyRef | null
}

/** One call to a model, as it went. */
export interface LlmCall {
  message_id: string
  attempt: number
  /** The provider reports this name. */
  model: string
  /** This is the configured model's id. */
  model_id?: string
  outcome: 'ok' | 'cancelled' | 'failed'
  error_code: string | null
  usage: Usage | null
  first_token_ms: number | null
  total_ms: number
  /** Millionths of the models file's currency; null where the usage or the price is unknown. */
  cost_micros?: number | null
  prompt_hash?: string
  /** What was sent, where the operator keeps it. */
  prompt?: string | null
  /** Is booked against the budgets. It is a safe estimate where the provider gave no count. */
  spent?: Spend
}

/**
 * Lets a worker own a reply. All times come from MySQL's clock; every write except the claim carries the attempt and
 * does nothing (undefined, false) once another claim has raised it.
 */
export interface ReplyStore {
  /**
   * Raises `attempt`, counts a try, sets the lease. Undefined when it isn't to be had: finished, leased by a live worker,
   * or not its session's earliest unfinished reply.
   */
  claim(message_id: string, lease_ms: number): Promise<Claim | undefined>
  /** What the model is told; undefined when the row is gone. `history_limit` counts messages, two to a turn. */
  findContext(message_id: string, history_limit: number): Promise<ReplyContext | undefined>
  /** `held` is false if the fence was raised or the reply has ended; the worker must stop writing. */
  renew(ref: ReplyRef, lease_ms: number): Promise<{ held: boolean; cancel_requested: boolean }>
  /** Another call within the same claim: what was streamed is void. Gives the new fence. */
  startNextAttempt(ref: ReplyRef, lease_ms: number): Promise<ReplyRef | undefined>
  finish(ref: ReplyRef, outcome: ReplyOutcome): Promise<FinishResult | undefined>
  /** Gives an unfinished claim back (shutdown): due at once, the try not counted. Gives the ref for its next job. */
  release(ref: ReplyRef): Promise<ReplyRef | undefined>
  /**
   * Replies that are due and that no live worker holds, earliest unfinished of their sessions only, longest overdue
   * first. They become due again after `again_ms`, so that a long backlog is walked through rather than its head.
   */
  takeDue(limit: number, again_ms: number): Promise<ReplyRef[]>
  /**
   * Holds so much of the budgets for the reply's next call, instead of what was held for it so far. False: it isn't there, or the
   * reply is no longer ours, and nothing changed. What is held is let go by whatever ends the reply.
   */
  reserve(ref: ReplyRef, amount: Spend): Promise<boolean>
  /** Puts the call on record, and books what it took in place of what was held for it. */
  recordCall(call: LlmCall): Promise<void>
}
