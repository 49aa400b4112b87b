import { randomBytes } from 'node:crypto'
import type { Message } from '@engineer-chat/protocol'

/** Describes a question that an engineer sends until it is accepted. Its marker occurs in no other question or post. */
export interface Question {
  text: string
  marker: string
  idempotencyKey: string
  user_id: string
  event_id: string
  model: string
  accepted?: AcceptedQuestion
}

export interface AcceptedQuestion {
  session_id: string
  question_id: string
  reply_id: string
  /** Gives the time when the question was accepted, as a value of `performance.now()`, like the times of faults. */
  atMs: number
}

/** Describes a final row of a reply that a follower received. */
export interface ReceivedFinalRow {
  /** Gives the time when the first follower received it, as a value of `performance.now()`. */
  atMs: number
  seq: number
  message_type: Message['message_type']
}

/** Describes a post that everybody in a room may read. */
export interface Post {
  marker: string
  event_id: string
  accepted: boolean
}

/** More violations would not help the reader of a report. */
const MAX_VIOLATIONS = 200

/**
 * Records what the simulated users sent and received, for the checks at the end. Times with `Epoch` in their name are
 * values of `Date.now()`, and the others of `performance.now()`.
 */
export class Ledger {
  readonly questions: Question[] = []
  readonly posts: Post[] = []
  /** Maps a session to the time when its owner first sent a request to share it. */
  readonly sharedAtEpochMs = new Map<string, number>()
  /** Holds the user and the event of each session that was created as shared, as `<user_id> <event_id>`. */
  readonly sharedFromStart = new Set<string>()
  readonly violations: string[] = []
  /**
   * Counts the HTTP responses by method, route and status. A request without a response counts as `nothing`. A response
   * whose body cannot be parsed counts twice: by its status and as `no JSON`.
   */
  readonly responseCounts = new Map<string, number>()
  /** Maps each request that is being repeated to the status of its last response. */
  readonly pendingRequests = new Map<string, number>()
  /** Maps a user to the identifiers that they saw, each with the time when they saw it first. */
  readonly firstSeenEpochMs = new Map<string, Map<string, number>>()
  /** Maps each reply to its final rows, sorted by `seq`. A retried or shared reply may have several. */
  readonly receivedFinalRows = new Map<string, ReceivedFinalRow[]>()
  /** Holds the ids of the replies that an engineer retried, even if the server refused the retry. */
  readonly retriedReplyIds = new Set<string>()

  addViolation(text: string): void {
    if (this.violations.length < MAX_VIOLATIONS) this.violations.push(text)
  }

  /** Records the identifiers in a text that a user received. */
  recordSeenIdentifiers(user_id: string, text: string): void {
    const firstSeenByIdentifier = this.firstSeenEpochMs.get(user_id) ?? new Map<string, number>()
    this.firstSeenEpochMs.set(user_id, firstSeenByIdentifier)
    for (const [identifier] of text.matchAll(IDENTIFIER_PATTERN)) {
      if (!firstSeenByIdentifier.has(identifier)) firstSeenByIdentifier.set(identifier, Date.now())
    }
  }

  /** Records a row that a follower received, if it is the final row of a reply. */
  recordFinalRow({ message_id, reply_to, message_type, seq }: Message): void {
    if (reply_to === null || message_type === 'thinking') return
    const finalRows = this.receivedFinalRows.get(message_id) ?? []
    this.receivedFinalRows.set(message_id, finalRows)
    if (finalRows.every((row) => row.seq < seq)) finalRows.push({ atMs: performance.now(), seq, message_type })
  }

  /** Counts a user's accepted questions without an answer: no follower has received the final row of the reply yet. */
  countOpenQuestions(user_id: string): number {
    return this.questions.filter(
      (question) =>
        question.user_id === user_id && question.accepted && !this.receivedFinalRows.has(question.accepted.reply_id),
    ).length
  }

  countResponse(route: string, status: number | string): void {
    const key = `${route} ${status}`
    this.responseCounts.set(key, (this.responseCounts.get(key) ?? 0) + 1)
  }
}

/**
 * Matches the marker of a question (`zq0123456789abcdef`), the id of a message (a UUID) and the id of a session
 * (`chat_01234567_89abcdef`).
 */
const IDENTIFIER_PATTERN = /zq[0-9a-f]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|chat_[0-9a-f]{8}_[0-9a-f]{8}/g
export const QUESTION_MARKER_PATTERN = /zq[0-9a-f]{16}/

const MARKER_PREFIXES = { question: 'zq', post: 'zp' }

let markerCount = 0
/** Creates a unique marker. A search for it finds every text that quotes the question or the post. */
export const createMarker = (kind: keyof typeof MARKER_PREFIXES): string => {
  markerCount += 1
  const count = markerCount.toString(16).padStart(6, '0')
  return `${MARKER_PREFIXES[kind]}${count}${randomBytes(5).toString('hex')}`
}
