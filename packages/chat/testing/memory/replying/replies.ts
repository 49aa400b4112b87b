import type { FilterFinding } from '@engineer-chat/protocol'
import { NO_SPEND } from '../../../src/budgets/amounts.ts'
import type {
  Claim,
  Postponement,
  PostponeResult,
  ReplyOutcome,
  ReplyStore,
} from '../../../src/replying/reply-store.ts'
import type { ReplyRef } from '../../../src/shared/model.ts'
import { releaseReservation, reserve, settle } from '../budgets/spend.ts'
import { findContext } from '../prompting/reply-context.ts'
import { changeMessage, getTimestamp, type Stored, toRoomChange, type World } from '../world.ts'
import { findNextJob, isEarliestUnfinished, isUnfinished, type StoredReply, toReplyRef } from './session-replies.ts'

export function createMemoryReplies(world: World): ReplyStore {
  return {
    claim: async (message_id, leaseMs) => claim(world, message_id, leaseMs),
    findContext: async (message_id, historyLimit) => findContext(world, message_id, historyLimit),
    async renew(ref, leaseMs) {
      const stored = findHeld(world, ref)
      if (!stored) return { held: false, cancel_requested: false }
      setLease(world, stored, leaseMs)
      return { held: true, cancel_requested: stored.reply.cancel_requested }
    },
    async startNextAttempt(ref, leaseMs) {
      const stored = findHeld(world, ref)
      if (!stored) return undefined
      setLease(world, stored, leaseMs)
      stored.row = { ...stored.row, attempt: stored.row.attempt + 1 }
      return toReplyRef(stored)
    },
    finish: async (ref, outcome) => finish(world, ref, outcome),
    async release(ref) {
      const stored = findHeld(world, ref)
      if (!stored) return undefined
      Object.assign(stored.reply, { lease_until: null, due_at: world.now(), tries: stored.reply.tries - 1 })
      return toReplyRef(stored)
    },
    postpone: async (ref, plan) => postpone(world, ref, plan),
    async forgetEndedPostponements() {
      for (const message_id of world.postponed.keys()) {
        const stored = world.messages.get(message_id)
        if (!stored || !isUnfinished(stored)) world.postponed.delete(message_id)
      }
    },
    takeDue: async (limit, againAfterMs) => takeDue(world, limit, againAfterMs),
    async reserve(ref, amount) {
      const stored = findHeld(world, ref)
      return stored !== undefined && reserve(world, getAsker(stored), ref, amount) === undefined
    },
    async recordCall(call) {
      world.calls.push(call)
      const stored = world.messages.get(call.message_id)
      if (stored && !call.keepsReservation) settle(world, getAsker(stored), call, call.spent ?? NO_SPEND)
    },
  }
}

const getAsker = ({ row: { message } }: Stored) => ({ user_id: message.user_id ?? '', event_id: message.event_id })

/** Returns the reply if the fence still holds. Nobody holds a reply that was released, taken over or finished. */
function findHeld(world: World, ref: ReplyRef): StoredReply | undefined {
  const stored = world.messages.get(ref.message_id)
  if (!stored || !isUnfinished(stored) || stored.reply.lease_until === null) return undefined
  return stored.row.attempt === ref.attempt ? stored : undefined
}

function setLease(world: World, stored: StoredReply, leaseMs: number): void {
  stored.reply.lease_until = world.now() + leaseMs
  stored.reply.due_at = stored.reply.lease_until
}

function claim(world: World, message_id: string, leaseMs: number): Claim | undefined {
  const stored = world.messages.get(message_id)
  if (!stored || !isUnfinished(stored) || !isEarliestUnfinished(world, stored)) return undefined
  if ((stored.reply.lease_until ?? 0) > world.now()) return undefined
  setLease(world, stored, leaseMs)
  stored.reply.tries += 1
  stored.row = { ...stored.row, attempt: stored.row.attempt + 1 }
  const { tries, cancel_requested, model } = stored.reply
  return { row: stored.row, tries, cancel_requested, model }
}

function postpone(world: World, ref: ReplyRef, { delayMs, deadlineMs, models }: Postponement): PostponeResult {
  const stored = findHeld(world, ref)
  if (!stored) return 'fenced'
  const { reply } = stored
  if (reply.cancel_requested) return 'cancelled'
  const deadline = reply.accepted_at + deadlineMs
  if (deadline <= world.now()) return 'overdue'
  const due_at = Math.min(world.now() + delayMs, deadline)
  Object.assign(reply, { lease_until: null, due_at, tries: reply.tries - 1 })
  world.postponed.set(ref.message_id, models)
  return 'postponed'
}

function finish(world: World, ref: ReplyRef, outcome: ReplyOutcome) {
  const { type, content } = outcome
  const stored = findHeld(world, ref)
  if (!stored) return undefined
  const from = type === 'error' ? ({ message_from: 'system', sender_type: 'system' } as const) : {}
  const row = changeMessage(world, stored, { message_type: type, message_content: content, ...from })
  Object.assign(stored.reply, { lease_until: null, due_at: null, cancel_requested: false })
  releaseReservation(world, ref.message_id)
  if (outcome.findings?.length) storeFlag(world, ref, outcome.findings)
  return { row, change: toRoomChange(row), job: findNextJob(world, row.message.chat_session_id) }
}

function storeFlag(world: World, { message_id, attempt }: ReplyRef, hits: FilterFinding[]): void {
  world.flagged = world.flagged.filter((one) => one.message_id !== message_id)
  world.flagged.push({ message_id, attempt, hits, review: null, created_at: getTimestamp(world) })
}

function takeDue(world: World, limit: number, againAfterMs: number): ReplyRef[] {
  const now = world.now()
  const dueAt = (stored: StoredReply) => stored.reply.due_at ?? Number.POSITIVE_INFINITY
  return [...world.messages.values()]
    .filter(isUnfinished)
    .filter((stored) => dueAt(stored) <= now && isEarliestUnfinished(world, stored))
    .sort((a, b) => dueAt(a) - dueAt(b))
    .slice(0, limit)
    .map((stored) => {
      stored.reply.due_at = now + againAfterMs
      return toReplyRef(stored)
    })
}
