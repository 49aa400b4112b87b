import type { FilterFinding, MessageContent, Usage } from '@engineer-chat/protocol'
import type { Spend } from '../budgets/index.ts'
import type { LimitedModel, ModelCapacity } from '../models/index.ts'
import type { Asker } from '../people/index.ts'
import type { ContextLimits } from '../prompting/index.ts'
import type { JobOrigin, ReplyContext, ReplyRef, RoomChange, StoredMessage } from '../shared/index.ts'
import type { SlotDecision, SlotFacts } from './waiting/slots.ts'

export interface Claim {
  /** `row.attempt` is the fence token that every later write carries. */
  row: StoredMessage
  /** Counts the claims since the question was asked or retried, including this one. Claims given back do not count. */
  tries: number
  cancel_requested: boolean
  /** Is the configured id of the model that the asker chose, or null if the asker chose none. */
  model: string | null
  /** Is the id of the request that asked or retried the question. The row has it, but a job of the sweep has not. */
  request_id: string | null
}

/** Holds the context for the prompt of a claimed reply, and what decides whether its asker may still ask. */
export interface ClaimedContext extends ReplyContext {
  asker: Asker
}

/** Holds a claim and the origin of its job. If the worker gives the reply back, the next job gets the same origin. */
export interface ClaimWithOrigin extends Claim {
  origin: JobOrigin
}

/**
 * States how a reply ends. `findings` lists what the output filter found in the stored text; a reply with findings is
 * flagged.
 */
export interface ReplyOutcome {
  type: 'chat' | 'error'
  content: MessageContent
  findings?: FilterFinding[]
}

export interface FinishResult {
  row: StoredMessage
  change: RoomChange
  /** Is the session's next unfinished reply, for which the caller queues a job. Null means that there is none. */
  job: ReplyRef | null
}

/** Describes one call to a model and its result, without the answer's text. */
export interface LlmCall {
  message_id: string
  attempt: number
  /** This is the name that the provider reported. If it reported none, it is the name that was sent to the provider. */
  model: string
  /** This is the configured model's id. */
  model_id?: string
  outcome: 'ok' | 'cancelled' | 'failed'
  error_code: string | null
  /** Is null if the provider gave no count of tokens. */
  usage: Usage | null
  /** Is the time from the beginning of the call to the first token, or null if no token came. */
  first_token_ms: number | null
  total_ms: number
  /** Counts millionths of the models file's currency. It is null if the usage or the price is unknown. */
  cost_micros?: number | null
  prompt_hash?: string
  /** Holds the turns that were sent, if the operator keeps them. */
  prompt?: string | null
  /** True means that the model was busy and did nothing, so the reservation stays for the reply's next call. */
  keepsReservation?: boolean
  /** True means that the model refused the call because it was busy. A busy model works, so this is no failure of it. */
  isFromBusyModel?: boolean
  /** True means that a circuit breaker refused the call, so that the model was not called. */
  isFromBreaker?: boolean
  /** This amount is booked against the budgets. Without a count of the provider, it is a safe estimate. */
  spent?: Spend
}

export interface Postponement {
  /** The reply is due when this time has passed, or at its deadline if the deadline is earlier. */
  delayMs: number
  /** Is the time from the question, or from its last retry, to the reply's deadline. */
  deadlineMs: number
  models: BusyModel[]
}

export interface BusyModel {
  id: string
  /** True means that a configured limit, not the provider, refused the call. The reply waits for a free slot. */
  isFull: boolean
}

/** Asks for a slot of a model whose calls are limited. */
export interface SlotRequest {
  model_id: string
  capacity: ModelCapacity
  /** Is the estimated number of tokens of the call. It counts towards the limit of tokens per minute. */
  tokens: number
}

/** `overdue` means that the deadline has passed. `fenced` means that this worker has lost the reply. */
export type PostponeResult = 'postponed' | 'overdue' | 'cancelled' | 'fenced'

/**
 * Lets a worker own a reply. All times come from MySQL's clock. After the claim, each write of the worker to the
 * reply's row carries the attempt. If the row has another attempt by then, the write does nothing, and its result says
 * so: undefined, false or `fenced`.
 */
export interface ReplyStore {
  /**
   * Raises `attempt`, counts a try and sets the lease. Resolves to undefined if the reply is finished, a live worker
   * leases it, or its session has an earlier unfinished reply.
   */
  claim(message_id: string, leaseMs: number): Promise<Claim | undefined>
  /**
   * Resolves to the prompt's context and the asker's present rights, or to undefined if the row is gone. The context
   * ends at the question, for a retried reply too.
   */
  findContext(message_id: string, limits: ContextLimits): Promise<ClaimedContext | undefined>
  /** `held` is false if another claim raised the attempt or the reply has ended; the worker must stop writing. */
  renew(ref: ReplyRef, leaseMs: number): Promise<{ held: boolean; cancel_requested: boolean }>
  /**
   * Raises `attempt` for another call within the same claim, and renews the lease. Readers see the text of the earlier
   * call until the new call has a text.
   */
  startNextAttempt(ref: ReplyRef, leaseMs: number): Promise<ReplyRef | undefined>
  /** Writes the final row and releases the reservation. Resolves to undefined if it wrote nothing. */
  finish(ref: ReplyRef, outcome: ReplyOutcome): Promise<FinishResult | undefined>
  /**
   * Gives a claim back on a shutdown. The reply is due immediately, and the try is not counted. Resolves to the reply,
   * for which the caller queues a new job.
   */
  release(ref: ReplyRef): Promise<ReplyRef | undefined>
  /**
   * Gives a claim back, and the reply waits until a busy model may be free. The try is not counted, and readers see no
   * change. It writes something only if it resolves to `postponed`.
   */
  postpone(ref: ReplyRef, plan: Postponement): Promise<PostponeResult>
  /**
   * Takes a slot of a limited model for the call of this attempt. Simultaneous requests never get more slots than the
   * model has. A slot is not in use any more when its attempt or its lease is over, for whatever reason.
   */
  takeSlot(ref: ReplyRef, request: SlotRequest): Promise<SlotDecision>
  /** Replaces the estimated tokens of the slot by the tokens that the call took. */
  settleSlot(ref: ReplyRef, model_id: string, tokens: number): Promise<void>
  /** Reads the slots of a model and the replies that wait for it. If no slot is free, `waiting` is empty. */
  findSlotFacts(model: LimitedModel): Promise<SlotFacts>
  /** Removes the records of postponements whose reply has ended or is gone. */
  forgetEndedPostponements(): Promise<void>
  /**
   * Lists due replies that no live worker holds, the earliest due time first. Of each session, only the earliest
   * unfinished reply is listed. It makes the listed replies due again after `againAfterMs`, so that the next calls of
   * `takeDue` reach the rest of a long backlog. It claims no reply.
   */
  takeDue(limit: number, againAfterMs: number): Promise<ReplyRef[]>
  /**
   * Reserves this amount of the budgets for the reply's next call, in place of the earlier reservation. If a budget has
   * too little left or another worker has the reply, it changes nothing and resolves to false. The end of the reply
   * releases the reservation.
   */
  reserve(ref: ReplyRef, amount: Spend): Promise<boolean>
  /** Records the call, and books its spend in place of the reservation. */
  recordCall(call: LlmCall): Promise<void>
}
