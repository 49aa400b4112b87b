/** Is a question that an engineer asks until it is accepted. `word` occurs nowhere else. */
export interface Question {
  text: string
  word: string
  key: string
  user_id: string
  event_id: string
  accepted?: { session_id: string; question_id: string; reply_id: string }
}

/** Is a post that everybody in a room may read. */
export interface Post {
  word: string
  event_id: string
  accepted: boolean
}

/** Records what the load did and saw, for the checks at the end. */
export class Ledger {
  readonly questions: Question[] = []
  readonly posts: Post[] = []
  /** Maps a session to the time when its owner began to share it; before that, nobody else may see it. */
  readonly sharedAt = new Map<string, number>()
  /** Has `<user> <event>` for each session that was the room's from its beginning. */
  readonly startedShared = new Set<string>()
  readonly violations: string[] = []
  /** Counts answers by method, route and status. */
  readonly answers = new Map<string, number>()
  /** Has the requests that are being repeated, with the status of their last answer. */
  readonly open = new Map<string, number>()
  /** Maps a user to each word and id that they saw, with the time when they saw it first. */
  readonly seen = new Map<string, Map<string, number>>()

  addViolation(text: string): void {
    if (this.violations.length < 200) this.violations.push(text)
  }

  addSeen(user_id: string, text: string): void {
    const known = this.seen.get(user_id) ?? new Map<string, number>()
    this.seen.set(user_id, known)
    for (const [name] of text.matchAll(NAMES)) if (!known.has(name)) known.set(name, Date.now())
  }

  countAnswer(route: string, status: number | string): void {
    const key = `${route} ${status}`
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1)
  }
}

/** Matches a secret word of a question, a message's id and a session's id. */
const NAMES = /zq[0-9a-f]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|chat_[0-9a-f]{8}_[0-9a-f]{8}/g
export const SECRETS = /zq[0-9a-f]{16}/

let count = 0
/** Creates a word that is unique, so that it is found wherever it turns up. */
export const createWord = (kind: 'zq' | 'zp'): string => {
  count += 1
  return (
    kind +
    count.toString(16).padStart(6, '0') +
    Math.floor(Math.random() * 2 ** 40)
      .toString(16)
      .padStart(10, '0')
  )
}
