import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'

/**
 * With `429`, `500` or `503`, every response has this status. `hang` and `cut` break off in the middle of an answer:
 * `hang` leaves the connection open, and `cut` closes it. With `limited`, the model takes two concurrent calls, and
 * refuses others with 429.
 */
export type LlmFault = 'hang' | 'cut' | '429' | '500' | '503' | 'limited'

/** Describes a call that the model took. Its times are values of `performance.now()`. */
export interface LlmCall {
  model: string
  /** Names the worker that called, such as `worker-1`. */
  worker: string
  question: string
  startMs: number
  /** Gives the time when the response had ended or its connection was closed; Infinity before. */
  endMs: number
}

/**
 * Controls an OpenAI-compatible endpoint. It always gives a question the same answer, and fails when `fault` is set.
 */
export interface Llm {
  readonly port: number
  fault: LlmFault | null
  /** Counts the calls whose answer was written to its end, even if the worker had disconnected before. */
  readonly answeredCalls: number
  /** Counts the calls that were refused with 429 or 503. */
  readonly refusedCalls: number
  /** Lists all calls that the model took, sorted by `startMs`. Calls that got 429, 500 or 503 are not among them. */
  readonly calls: readonly LlmCall[]
  close(): Promise<void>
}

const ANSWER_LINES = 10
/** An answer is sent in this number of chunks. */
const CHUNK_COUNT = 12
/** The model waits at most this time after a chunk. */
const MAX_CHUNK_PAUSE_MS = 120
/** No answer takes longer if nothing is broken. */
export const LONGEST_ANSWER_MS = CHUNK_COUNT * MAX_CHUNK_PAUSE_MS
/** With the fault `limited`, the model takes this number of concurrent calls. */
const CALLS_WHEN_LIMITED = 2

export const createAnswer = (question: string): string =>
  `Answer: ${question}. ${Array.from({ length: ANSWER_LINES }, (_, i) => `Line ${i} on it.`).join(' ')}`

export async function startLlm(random: Random): Promise<Llm> {
  const calls: LlmCall[] = []
  const openCalls = new Set<LlmCall>()
  const counts = { answered: 0, refused: 0 }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const call = readCall(request, body)
    const { fault } = llm
    // `checkStored` requires that no user reads this text.
    if (fault === '500') return response.writeHead(500).end('{"error":{"message":"an upstream secret"}}')
    if (fault === '503' || fault === '429' || (fault === 'limited' && openCalls.size >= CALLS_WHEN_LIMITED)) {
      counts.refused += 1
      return response.writeHead(fault === '503' ? 503 : 429, { 'retry-after': '1' }).end('{}')
    }
    calls.push(call)
    openCalls.add(call)
    response.once('close', () => {
      call.endMs = performance.now()
      openCalls.delete(call)
    })
    if (await writeAnswer(response, call, { fault, random })) counts.answered += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const llm: Llm = {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    fault: null,
    calls,
    get answeredCalls() {
      return counts.answered
    },
    get refusedCalls() {
      return counts.refused
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return llm
}

/** Writes the answer. With the faults `hang` and `cut`, writes only a part, and resolves to false. */
async function writeAnswer(
  response: ServerResponse,
  { question, model }: LlmCall,
  { fault, random }: { fault: LlmFault | null; random: Random },
): Promise<boolean> {
  const isComplete = fault !== 'hang' && fault !== 'cut'
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const chunks = splitIntoChunks(createAnswer(question))
  const sentCount = isComplete ? chunks.length : random.drawInteger(0, chunks.length - 1)
  for (const chunk of chunks.slice(0, sentCount)) {
    sendChunk(response, model, { delta: { content: chunk }, finish_reason: null })
    await sleep(random.drawInteger(0, MAX_CHUNK_PAUSE_MS))
  }
  if (fault === 'cut') response.destroy()
  if (!isComplete) return false
  sendChunk(response, model, { delta: {}, finish_reason: 'stop' })
  response.end('data: [DONE]\n\n')
  return true
}

/** Reads the model, the worker and the question of a call. The API key of a worker is its name. */
function readCall({ headers }: IncomingMessage, body: string): LlmCall {
  const { model, messages }: { model: string; messages: Array<{ role: string; content: string }> } = JSON.parse(body)
  // The prompt adds text to the question, which `ask` of engineer.ts has written.
  const lastMessage = messages.findLast((message) => message.role === 'user')?.content ?? ''
  return {
    model,
    worker: headers.authorization?.replace('Bearer ', '') ?? '',
    question: lastMessage.match(/question \d+ about \w+/)?.[0] ?? 'nothing',
    startMs: performance.now(),
    endMs: Number.POSITIVE_INFINITY,
  }
}

function splitIntoChunks(text: string): string[] {
  const size = Math.ceil(text.length / CHUNK_COUNT)
  return Array.from({ length: CHUNK_COUNT }, (_, i) => text.slice(i * size, (i + 1) * size)).filter(
    (chunk) => chunk !== '',
  )
}

function sendChunk(response: ServerResponse, model: string, choice: object): void {
  const body = { id: 'c', object: 'chat.completion.chunk', model, choices: [{ index: 0, ...choice }] }
  if (!response.destroyed) response.write(`data: ${JSON.stringify(body)}\n\n`)
}
