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
  /** Counts the claims since the question was asked or retried, this one too, but not those that were given back. */
  tries: number
  cancel_requested: boolean
  /** Is the id of the model that the asker chose, or null. */
  model: string | null
  /** Names the request by which the reply was asked for, or asked for again. A job of the sweep does not know it. */
  request_id: string | null
}

/** Holds the context for the prompt of a claimed reply, and the rights that its asker has at the same time. */
export interface ClaimedContext extends ReplyContext {
  asker: Asker
}

/** Holds a claim, and the origin of its job. If the worker gives the reply back, the next job has this origin, too. */
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
  /** Names the session's next unfinished reply, whose job is to be queued. */
  job: ReplyRef | null
}

/** Describes one call to a model and its result. */
export interface LlmCall {
  message_id: string
  attempt: number
  /** This is the name that the provider reported, or else the name by which the model was called. */
  model: string
  /** This is the configured model's id. */
  model_id?: string
  outcome: 'ok' | 'cancelled' | 'failed'
  error_code: string | null
  usage: Usage | null
  first_token_ms: number | null
  total_ms: number
  /** Counts millionths of the models file's currency. It is null if the usage or the price is unknown. */
  cost_micros?: number | null
  prompt_hash?: string
  /** Holds the turns that were sent, if the operator keeps them. */
  prompt?: string | null
  /** If true, the reservation stays for another call, because the model was busy and did nothing. */
  keepsReservation?: boolean
  /** This amount is booked against the budgets. It is a safe estimate if the provider gave no count. */
  spent?: Spend
}

export interface Postponement {
  /** The reply is due after this time, or at its deadline if that is earlier. */
  delayMs: number
  /** The deadline is this long after the question was accepted, or was asked again. */
  deadlineMs: number
  models: BusyModel[]
}

export interface BusyModel {
  id: string
  /** True means that this system's limit refused the call: the reply gets its turn when another call ends. */
  isFull: boolean
}

/** Asks for a call to a model whose calls are limited. */
export interface SlotRequest {
  model_id: string
  capacity: ModelCapacity
  /** Is the estimated number of tokens of the call, which counts towards the limit per minute. */
  tokens: number
}

/** A reply is `overdue` after its deadline, and `fenced` if it belongs to another worker. */
export type PostponeResult = 'postponed' | 'overdue' | 'cancelled' | 'fenced'

/**
 * Lets a worker own a reply. All times come from MySQL's clock. After the claim, each write of the worker to the
 * reply's row carries the attempt, and does nothing (undefined, false) if another claim has raised it.
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
   * Raises `attempt` for another call within the same claim. Readers see the earlier text until that call has a text.
   */
  startNextAttempt(ref: ReplyRef, leaseMs: number): Promise<ReplyRef | undefined>
  finish(ref: ReplyRef, outcome: ReplyOutcome): Promise<FinishResult | undefined>
  /**
   * Gives an unfinished claim back on a shutdown: the reply is due immediately and the try is not counted. Resolves to
   * its next job.
   */
  release(ref: ReplyRef): Promise<ReplyRef | undefined>
  /**
   * Gives a claim back until a busy model may be free: the try is not counted, and the row that readers see stays as it
   * is. It writes something only if it resolves to `postponed`.
   */
  postpone(ref: ReplyRef, plan: Postponement): Promise<PostponeResult>
  /**
   * Takes a slot of a limited model for the call of this attempt. Of simultaneous requests, only as many succeed as the
   * model has room for. A slot is free again when its attempt or its lease is over, for whatever reason.
   */
  takeSlot(ref: ReplyRef, request: SlotRequest): Promise<SlotDecision>
  /** Replaces the estimate by the tokens that the call took. */
  settleSlot(ref: ReplyRef, model_id: string, tokens: number): Promise<void>
  /** Reads the slots of a model and, if it has room for another call, the replies that wait for it. */
  findSlotFacts(model: LimitedModel): Promise<SlotFacts>
  /** Removes the records of postponed replies that have ended. */
  forgetEndedPostponements(): Promise<void>
  /**
   * Takes replies that are due and that no live worker holds: the earliest due time first, and only the earliest
   * unfinished reply of each session. They are due again after `againAfterMs`, so that the next calls of `takeDue`
   * reach the rest of a long backlog.
   */
  takeDue(limit: number, againAfterMs: number): Promise<ReplyRef[]>
  /**
   * Reserves this amount of the budgets for the reply's next call, in place of the earlier reservation. Resolves to
   * false and changes nothing if a budget has too little left or another worker has the reply. The end of the reply
   * releases the reservation.
   */
  reserve(ref: ReplyRef, amount: Spend): Promise<boolean>
  /** Records the call, and books its spend in place of the reservation. */
  recordCall(call: LlmCall): Promise<void>
}
