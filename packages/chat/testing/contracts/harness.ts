import type { MessageContent, UserRole } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import type { BudgetLimits } from '../../src/budgets/limits.ts'
import { CONTEXT_SOURCE_KINDS } from '../../src/prompting/sources/context-source-kinds.ts'
import type { ContextLimits } from '../../src/prompting/sources/source-store.ts'
import type { NewQuestion } from '../../src/rooms/message-store.ts'
import { createId, createSessionId, sha256 } from '../../src/shared/ids.ts'
import type { RoomChange, StoredMessage } from '../../src/shared/room-change.ts'
import type { Stores } from '../../src/stores.ts'

/** Holds one implementation of the stores, empty at first. */
export interface Harness {
  stores: Stores
  /** Makes the reply due `agoMs` ago; if it was claimed, its lease ended then. */
  expireLease(message_id: string, agoMs?: number): Promise<void>
  /** Moves the time at which the reply's question was accepted `byMs` into the past. */
  makeOlder(message_id: string, byMs: number): Promise<void>
  /** Moves the clock of every cache forward. */
  advanceClock(ms: number): void
}

/** Opens stores; the test's teardown closes them. */
export type MakeHarness = (t: Test, budgets?: BudgetLimits) => Promise<Harness>

/** Declares the tests of a few rules that belong together. */
export type Group = (t: Test, harness: Harness) => void

/** Declares a suite whose tests share a harness. */
export async function runSuite(t: Test, name: string, make: MakeHarness, ...groups: Group[]) {
  await t.test(name, async (t) => {
    const harness = await make(t)
    for (const group of groups) group(t, harness)
  })
}

/** Is longer than the product’s lease, so that no lease ends during a test unless the test ends it. */
export const LEASE_MS = 60_000

/** Reads all kinds of sources, and twenty messages of the session. */
export const CONTEXT_LIMITS: ContextLimits = {
  historyLimit: 20,
  kinds: new Set(CONTEXT_SOURCE_KINDS),
  roomTokens: 8_192,
}

export async function aUser(stores: Stores, role: UserRole = 'engineer'): Promise<string> {
  const user_id = createId()
  await stores.users.create({ user_id, username: `user-${user_id}`, password_hash: 'hash', role })
  return user_id
}

export async function anEvent(
  stores: Stores,
  fields: Partial<Omit<Parameters<Stores['events']['create']>[0], 'source'>> = {},
) {
  return stores.events.create({
    event_id: createId(),
    event_name: 'Strange logins',
    message: 'Forty failed logins and one success.',
    context: 'VPN',
    severity: 'high',
    source: 'siem',
    access: 'open',
    tlp: 'amber',
    created_by: null,
    ...fields,
  })
}

/** Holds an event and the user ids of two engineers. */
export interface Place {
  event_id: string
  /** This engineer asks the questions, so the sessions and replies are theirs. */
  owner: string
  other: string
}

/** Creates an event and two engineers. */
export async function aPlace(stores: Stores): Promise<Place> {
  const [event, owner, other] = await Promise.all([anEvent(stores), aUser(stores), aUser(stores)])
  return { event_id: event.event_id, owner, other }
}

/** Makes a question, which is the owner's unless `fields` name another user. */
export function aQuestion(place: Place, fields: Partial<NewQuestion> = {}): NewQuestion {
  const user_id = fields.user_id ?? place.owner
  const text = fields.text ?? 'What should we contain first?'
  return {
    event_id: place.event_id,
    user_id,
    text,
    client_message_id: null,
    request_hash: sha256(text),
    session_id: null,
    visibility: null,
    model: null,
    forbidden_tlp: [],
    max_rounds: 10,
    question_id: createId(),
    reply_id: createId(),
    new_session_id: createSessionId(place.event_id, user_id),
    ...fields,
  }
}

export async function createSession(stores: Stores, place: Place, visibility: 'private' | 'room' = 'private') {
  const { event_id, owner } = place
  const session_id = createSessionId(event_id, owner)
  return stores.sessions.create({ session_id, event_id, user_id: owner, visibility, max_rounds: 10 })
}

/** Claims and finishes a reply, as a worker does. */
export async function answerReply(
  stores: Stores,
  message_id: string,
  content: MessageContent = { content: 'Isolate it.' },
) {
  const attempt = await claimReply(stores, message_id)
  const finished = await stores.replies.finish(
    { message_id, attempt },
    { type: content.error ? 'error' : 'chat', content },
  )
  if (!finished) throw new Error('the reply could not be finished')
  return finished
}

/** Claims a reply and returns its fence token. */
export async function claimReply(stores: Stores, message_id: string): Promise<number> {
  const claim = await stores.replies.claim(message_id, LEASE_MS)
  if (!claim) throw new Error('the reply could not be claimed')
  return claim.row.attempt
}

export async function postMessage(
  stores: Stores,
  place: Place,
  audience: string = 'all',
  content = 'Host 7 is isolated.',
) {
  return stores.messages.post({
    message_id: createId(),
    event_id: place.event_id,
    user_id: place.owner,
    category: 'agent',
    message_from: '_captain',
    message_type: 'command_result',
    content: { content },
    round_id: 1,
    audience,
  })
}

/** Posts a plain message of the owner to the room. */
export async function postNote(
  stores: Stores,
  place: Place,
  content = 'I isolated host 7.',
  audience: 'all' | 'people' = 'all',
): Promise<string> {
  const { row } = await stores.messages.post({
    message_id: createId(),
    event_id: place.event_id,
    user_id: place.owner,
    category: 'room',
    message_from: place.owner,
    message_type: 'chat',
    content: { content },
    round_id: null,
    audience,
  })
  return row.message.message_id
}

export const listIds = (rows: StoredMessage[]): string[] => rows.map((row) => row.message.message_id)

/** Reads the rows of the room that a reader of these audiences sees, the oldest first. */
export async function readRows(stores: Stores, place: Place, audiences: string[]): Promise<StoredMessage[]> {
  return (await stores.timeline.readPage(place.event_id, audiences, { limit: 100 })).rows
}

/** Lists the sequence numbers that a change took. */
export const listSeqs = ({ first_seq, seq }: RoomChange): number[] =>
  Array.from({ length: seq - first_seq + 1 }, (_, index) => first_seq + index)

export const countUpTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)

/** Returns the last sequence number that the room took, or -1 if there is no such room. */
export async function getSeq(stores: Stores, place: Place): Promise<number> {
  const seqs = await stores.timeline.readSeqs([place.event_id])
  return seqs.get(place.event_id) ?? -1
}

/** Waits at least one whole millisecond. Times are stored in milliseconds, so a later write has a later time. */
export async function waitForNextMillisecond(): Promise<void> {
  const startedAtMs = Date.now()
  while (Date.now() <= startedAtMs + 1) await new Promise<void>((resolve) => setImmediate(resolve))
}
