/** Describes what the provider does with a request. Without any field, it sends a normal answer. */
export interface Behaviour {
  status?: number
  errorCode?: string
  /** Replaces the usual body of a failure. */
  errorBody?: object
  retryAfter?: string
  /** The provider never answers, or it stops after the first piece with the connection open. */
  hang?: 'silent' | 'midway'
  /** The provider sends this many comments before the first token. */
  keepAlives?: number
  /** The connection is cut after this many frames. */
  cutAfter?: number
  /** With null the stream ends as if it were complete, but without a `finish_reason`. */
  finish?: string | null
  usage?: 'last' | 'null' | 'omitted'
  /** With false the stream has no `[DONE]` at its end. */
  done?: boolean
  /** The provider sends an error in the middle of a stream that began with 200. */
  error?: object
  pieces?: string[]
  reasoning?: string[]
  reasoningField?: 'reasoning_content' | 'reasoning'
  split?: 'bytes'
  newline?: '\n' | '\r\n' | '\r'
  /** Each frame waits for `release`. */
  gated?: boolean
  /** The provider waits this time between frames or between keep-alives. */
  delayMs?: number
}

export const ANSWER = ['Isolate ', '`FIN-WS-042` ', 'first. ', '先隔离主机', '，再', '封禁地址 ', '🛡️', '.']

const SLOW = Array.from({ length: 40 }, (_, index) => `word${index} `)

/**
 * `fake:<name>` in a question picks a behaviour. `fake:<name>-once` misbehaves only the first time that this question
 * is asked.
 */
const BEHAVIOURS: Record<string, Behaviour> = {
  hang: { hang: 'silent' },
  stall: { hang: 'midway' },
  cut: { cutAfter: 4 },
  unfinished: { finish: null, done: false },
  'unfinished-done': { finish: null },
  length: { finish: 'length' },
  filtered: { finish: 'content_filter' },
  'stream-error': { error: { message: 'UPSTREAM-TEXT', code: 503 }, finish: null },
  400: { status: 400 },
  401: { status: 401, errorCode: 'invalid_api_key' },
  403: { status: 403 },
  404: { status: 404 },
  408: { status: 408 },
  409: { status: 409 },
  422: { status: 422 },
  429: { status: 429 },
  '429-wait': { status: 429, retryAfter: '1' },
  '429-long': { status: 429, retryAfter: '3600' },
  500: { status: 500 },
  503: { status: 503 },
  keepalive: { keepAlives: 40 },
  bytes: { split: 'bytes' },
  crlf: { split: 'bytes', newline: '\r\n' },
  cr: { newline: '\r' },
  reasoning: { reasoning: ['First ', 'I think.'] },
  'reasoning-vllm': { reasoning: ['First ', 'I think.'], reasoningField: 'reasoning' },
  think: { pieces: ['<th', 'ink>First ', 'I think.</', 'think>\n\n', ...ANSWER] },
  empty: { pieces: [] },
  'no-usage': { usage: 'omitted' },
  'null-usage': { usage: 'null' },
  'no-done': { done: false },
  slow: { pieces: SLOW, delayMs: 100 },
  gated: { gated: true },
  broken: { pieces: ['half \ud83d', ' and null \u0000.'] },
}

export function chooseBehaviour(question: string, timesAsked: number): Behaviour {
  const [, name = '', once] = /fake:([\w-]+?)(-once)?(?![\w-])/.exec(question) ?? []
  if (once && timesAsked > 1) return {}
  return BEHAVIOURS[name] ?? {}
}
