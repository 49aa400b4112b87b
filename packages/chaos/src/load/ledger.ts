/** A question that somebody asked, and goes on asking until it is accepted. */
export interface Question {
  text: string
  word: string
  key: string
  user_id: string
  event_id: string
  accepted?: { session_id: string; question_id: string; reply_id: string }
}

/** Something said to a whole room. */
export interface Post {
  word: string
  event_id: string
  accepted: boolean
}

/** Everything that the load did and heard, for the checks at the end. */
export class Ledger {
  readonly questions: Question[] = []
  readonly posts: Post[] = []
  /** When a session was asked to be shown to the room: before that, nobody else may know of it. */
  readonly shownAt = new Map<string, number>()
  /** `<user> <event>` where a session was begun that is the room's from its beginning. */
  readonly begunShown = new Set<string>()
  readonly violations: string[] = []
  /** How often each answer came, by method, route and status. */
  readonly answers = new Map<string, number>()
  /** Requests that are being insisted on, with their last answer. */
  readonly open = new Map<string, number>()
  /** By who heard it: each word and id with the time it was first heard. */
  readonly heard = new Map<string, Map<string, number>>()

  violation(text: string): void {
    if (this.violations.length < 200) this.violations.push(text)
  }

  hears(user_id: string, text: string): void {
    const known = this.heard.get(user_id) ?? new Map<string, number>()
    this.heard.set(user_id, known)
    for (const [name] of text.matchAll(NAMES)) if (!known.has(name)) known.set(name, Date.now())
  }

  answered(route: string, status: number | string): void {
    const key = `${route} ${status}`
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1)
  }
}

/** A secret word of a question, a message's id, a session's id. */
const NAMES = /zq[0-9a-f]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|chat_[0-9a-f]{8}_[0-9a-f]{8}/g
export const SECRETS = /zq[0-9a-f]{16}/

let count = 0
/** Unique, and found wherever it turns up. */
export const newWord = (kind: 'zq' | 'zp'): string => {
  count += 1
  return (
    kind +
    count.toString(16).padStart(6, '0') +
    Math.floor(Math.random() * 2 ** 40)
      .toString(16)
      .padStart(10, '0')
  )
}
