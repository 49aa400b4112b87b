import type { FilterFinding } from '@engineer-chat/protocol'
import { NO_SPEND } from '../../../src/budgets/amounts.ts'
import type {
  Claim,
  Postponement,
  PostponeResult,
  ReplyOutcome,
  ReplyStore,
} from '../../../src/replying/reply-store.ts'
import type { ReplyRef } from '../../../src/shared/reply-queue.ts'
import { releaseReservation, reserve, settle } from '../budgets/spend.ts'
import { changeMessage, getTimestamp, type MemoryData, type MessageRecord, toRoomChange } from '../memory-data.ts'
import { findContext } from '../prompting/reply-context.ts'
import {
  findHeldReply,
  findNextJob,
  isEarliestUnfinished,
  isUnfinished,
  type StoredReply,
  toReplyRef,
} from './session-replies.ts'
import { createMemorySlots } from './slots.ts'

export function createMemoryReplies(data: MemoryData): ReplyStore {
  return {
    claim: async (message_id, leaseMs) => claim(data, message_id, leaseMs),
    findContext: async (message_id, limits) => findContext(data, message_id, limits),
    async renew(ref, leaseMs) {
      const stored = findHeldReply(data, ref)
      if (!stored) return { held: false, cancel_requested: false }
      setLease(data, stored, leaseMs)
      return { held: true, cancel_requested: stored.reply.cancel_requested }
    },
    async startNextAttempt(ref, leaseMs) {
      const stored = findHeldReply(data, ref)
      if (!stored) return undefined
      setLease(data, stored, leaseMs)
      stored.row = { ...stored.row, attempt: stored.row.attempt + 1 }
      return toReplyRef(stored)
    },
    finish: async (ref, outcome) => finish(data, ref, outcome),
    async release(ref) {
      const stored = findHeldReply(data, ref)
      if (!stored) return undefined
      Object.assign(stored.reply, { lease_until: null, due_at: data.now(), tries: stored.reply.tries - 1 })
      return toReplyRef(stored)
    },
    postpone: async (ref, plan) => postpone(data, ref, plan),
    ...createMemorySlots(data),
    async forgetEndedPostponements() {
      for (const message_id of data.postponed.keys()) {
        const stored = data.messages.get(message_id)
        if (!stored || !isUnfinished(stored)) data.postponed.delete(message_id)
      }
    },
    takeDue: async (limit, againAfterMs) => takeDue(data, limit, againAfterMs),
    async reserve(ref, amount) {
      const stored = findHeldReply(data, ref)
      return stored !== undefined && reserve(data, getAsker(stored), ref, amount) === undefined
    },
    async recordCall(call) {
      data.calls.push(call)
      const stored = data.messages.get(call.message_id)
      if (stored && !call.keepsReservation) settle(data, getAsker(stored), call, call.spent ?? NO_SPEND)
    },
  }
}

const getAsker = ({ row: { message } }: MessageRecord) => ({
  user_id: message.user_id ?? '',
  event_id: message.event_id,
})

function setLease(data: MemoryData, stored: StoredReply, leaseMs: number): void {
  stored.reply.lease_until = data.now() + leaseMs
  stored.reply.due_at = stored.reply.lease_until
}

function claim(data: MemoryData, message_id: string, leaseMs: number): Claim | undefined {
  const stored = data.messages.get(message_id)
  if (!stored || !isUnfinished(stored) || !isEarliestUnfinished(data, stored)) return undefined
  if ((stored.reply.lease_until ?? 0) > data.now()) return undefined
  setLease(data, stored, leaseMs)
  stored.reply.tries += 1
  stored.row = { ...stored.row, attempt: stored.row.attempt + 1 }
  const { tries, cancel_requested, model, request_id } = stored.reply
  return { row: stored.row, tries, cancel_requested, model, request_id }
}

function postpone(data: MemoryData, ref: ReplyRef, { delayMs, deadlineMs, models }: Postponement): PostponeResult {
  const stored = findHeldReply(data, ref)
  if (!stored) return 'fenced'
  const { reply } = stored
  if (reply.cancel_requested) return 'cancelled'
  const deadlineAt = reply.accepted_at + deadlineMs
  if (deadlineAt <= data.now()) return 'overdue'
  const due_at = Math.min(data.now() + delayMs, deadlineAt)
  Object.assign(reply, { lease_until: null, due_at, tries: reply.tries - 1 })
  // The reply may ask a full model as soon as a slot is free. It asks a model that wanted a pause after that pause.
  const readyModels = models.map(({ id, isFull }) => ({ id, readyAtMs: isFull ? data.now() : due_at }))
  data.postponed.set(ref.message_id, { attempt: ref.attempt, models: readyModels })
  return 'postponed'
}

function finish(data: MemoryData, ref: ReplyRef, outcome: ReplyOutcome) {
  const { type, content } = outcome
  const stored = findHeldReply(data, ref)
  if (!stored) return undefined
  const sender = type === 'error' ? ({ message_from: 'system', sender_type: 'system' } as const) : {}
  const row = changeMessage(data, stored, { message_type: type, message_content: content, ...sender })
  Object.assign(stored.reply, { lease_until: null, due_at: null, cancel_requested: false, request_id: null })
  releaseReservation(data, ref.message_id)
  if (outcome.findings?.length) storeFlag(data, ref, outcome.findings)
  return { row, change: toRoomChange(row), job: findNextJob(data, row.message.chat_session_id) }
}

function storeFlag(data: MemoryData, { message_id, attempt }: ReplyRef, hits: FilterFinding[]): void {
  data.flagged = data.flagged.filter((reply) => reply.message_id !== message_id)
  data.flagged.push({ message_id, attempt, hits, review: null, created_at: getTimestamp(data) })
}

function takeDue(data: MemoryData, limit: number, againAfterMs: number): ReplyRef[] {
  const now = data.now()
  const getDueAt = (stored: StoredReply) => stored.reply.due_at ?? Number.POSITIVE_INFINITY
  return [...data.messages.values()]
    .filter(isUnfinished)
    .filter((stored) => getDueAt(stored) <= now && isEarliestUnfinished(data, stored))
    .sort((a, b) => getDueAt(a) - getDueAt(b))
    .slice(0, limit)
    .map((stored) => {
      stored.reply.due_at = now + againAfterMs
      return toReplyRef(stored)
    })
}
