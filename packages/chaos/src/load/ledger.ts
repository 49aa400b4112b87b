import type { Message } from '@engineer-chat/protocol'

/** Is a question that an engineer sends until it is accepted. No other question or post contains its marker. */
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
  /** Is of `performance.now()`, as all times that are compared with faults. */
  atMs: number
}

/** Is the moment when a follower saw a reply ended. */
export interface SeenEnd {
  atMs: number
  seq: number
  message_type: Message['message_type']
}

/** Is a post that everybody in a room may read. */
export interface Post {
  marker: string
  event_id: string
  accepted: boolean
}

/** Records what the simulated users sent and received, for the checks at the end. */
export class Ledger {
  readonly questions: Question[] = []
  readonly posts: Post[] = []
  /** Maps a session to the time when its owner requested to share it. No other user may see it before that time. */
  readonly sharedAtMs = new Map<string, number>()
  /** Holds `<user> <event>` of each session that was created as a shared one. */
  readonly sharedFromStart = new Set<string>()
  readonly violations: string[] = []
  /** Counts answers by method, route and status. */
  readonly answers = new Map<string, number>()
  /** Maps each request that is being repeated to the status of its last answer. */
  readonly pendingRequests = new Map<string, number>()
  /** Maps a user to the identifiers that they saw, each with the time when they saw it first. */
  readonly firstSeenMs = new Map<string, Map<string, number>>()

  /** Maps each reply to the ends that followers saw, in their order. A retried or shared reply has several. */
  readonly seenEnds = new Map<string, SeenEnd[]>()
  /** Holds the replies that were asked again. */
  readonly retried = new Set<string>()

  addViolation(text: string): void {
    if (this.violations.length < 200) this.violations.push(text)
  }

  recordSeen(user_id: string, text: string): void {
    const firstSeenByIdentifier = this.firstSeenMs.get(user_id) ?? new Map<string, number>()
    this.firstSeenMs.set(user_id, firstSeenByIdentifier)
    for (const [identifier] of text.matchAll(IDENTIFIER_PATTERN)) {
      if (!firstSeenByIdentifier.has(identifier)) firstSeenByIdentifier.set(identifier, Date.now())
    }
  }

  /** Records a row that a follower received, if it is a reply that has ended. */
  recordRow({ message_id, reply_to, message_type, seq }: Message): void {
    if (reply_to === null || message_type === 'thinking') return
    const ends = this.seenEnds.get(message_id) ?? []
    this.seenEnds.set(message_id, ends)
    if (ends.every((end) => end.seq < seq)) ends.push({ atMs: performance.now(), seq, message_type })
  }

  /** Counts the questions of a user whose replies nobody has seen ended yet. */
  countOpenQuestions(user_id: string): number {
    return this.questions.filter(
      (question) => question.user_id === user_id && question.accepted && !this.seenEnds.has(question.accepted.reply_id),
    ).length
  }

  countAnswer(route: string, status: number | string): void {
    const key = `${route} ${status}`
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1)
  }
}

/** Matches the marker of a question, the id of a message and the id of a session. */
const IDENTIFIER_PATTERN = /zq[0-9a-f]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|chat_[0-9a-f]{8}_[0-9a-f]{8}/g
export const QUESTION_MARKER = /zq[0-9a-f]{16}/

const MARKER_PREFIXES = { question: 'zq', post: 'zp' }

let markerCount = 0
/** Creates a unique marker. A search for it finds every text that quotes the question or the post. */
export const createMarker = (kind: keyof typeof MARKER_PREFIXES): string => {
  markerCount += 1
  return (
    MARKER_PREFIXES[kind] +
    markerCount.toString(16).padStart(6, '0') +
    Math.floor(Math.random() * 2 ** 40)
      .toString(16)
      .padStart(10, '0')
  )
}
