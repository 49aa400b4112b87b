import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'

/** With `limited` the model takes two calls at once and refuses others with 429. */
export type LlmFault = 'hang' | 'cut' | '429' | '500' | '503' | 'limited'

/** Is a call that the model took. Times are of `performance.now()`. */
export interface LlmCall {
  model: string
  /** Is the process slot of the worker that called. */
  worker: string
  question: string
  startMs: number
  /** Is when the connection was closed; Infinity until then. */
  endMs: number
}

/** Is an OpenAI-compatible endpoint that always gives a question the same answer, and can be made to fail. */
export interface Llm {
  readonly port: number
  fault: LlmFault | null
  /** Counts the calls that were answered in full. */
  readonly answeredCalls: number
  /** Counts the calls that were refused with 429 or 503. */
  readonly refusedCalls: number
  /** Lists all calls that were not refused, in the order of their beginnings. */
  readonly calls: readonly LlmCall[]
  close(): Promise<void>
}

const PIECES = 12
const MAX_PIECE_MS = 120
/** No answer takes longer if nothing is broken. */
export const LONGEST_ANSWER_MS = PIECES * MAX_PIECE_MS
/** A model that is limited by a fault takes this many calls at once. */
const CALLS_WHEN_LIMITED = 2

export const createAnswer = (question: string): string =>
  `Answer: ${question}. ${Array.from({ length: PIECES - 2 }, (_, i) => `Line ${i} on it.`).join(' ')}`

export async function startLlm(random: Random): Promise<Llm> {
  const calls: LlmCall[] = []
  const openCalls = new Set<LlmCall>()
  const counts = { answered: 0, refused: 0 }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const call = readCall(request, body)
    const { fault } = llm
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
    await answer(response, call, fault)
  })
  /** Writes the answer, or as much of it as the fault lets through. */
  const answer = async (response: ServerResponse, { question, model }: LlmCall, fault: LlmFault | null) => {
    const isWhole = fault !== 'hang' && fault !== 'cut'
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const pieces = splitIntoPieces(createAnswer(question))
    const pieceCount = isWhole ? pieces.length : random.drawInteger(0, pieces.length - 1)
    for (const piece of pieces.slice(0, pieceCount)) {
      sendChunk(response, model, { delta: { content: piece }, finish_reason: null })
      await sleep(random.drawInteger(0, MAX_PIECE_MS))
    }
    if (fault === 'hang') return
    if (fault === 'cut') {
      response.destroy()
      return
    }
    sendChunk(response, model, { delta: {}, finish_reason: 'stop' })
    counts.answered += 1
    response.end('data: [DONE]\n\n')
  }
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

/** Reads who asks what. Each worker has its own key, which is its name. */
function readCall({ headers }: IncomingMessage, body: string): LlmCall {
  const { model, messages }: { model: string; messages: Array<{ role: string; content: string }> } = JSON.parse(body)
  // The prompt adds text to the question.
  const last = messages.findLast((message) => message.role === 'user')?.content ?? ''
  return {
    model,
    worker: headers.authorization?.replace('Bearer ', '') ?? '',
    question: last.match(/question \d+ about \w+/)?.[0] ?? 'nothing',
    startMs: performance.now(),
    endMs: Number.POSITIVE_INFINITY,
  }
}

function splitIntoPieces(text: string): string[] {
  const size = Math.ceil(text.length / PIECES)
  return Array.from({ length: PIECES }, (_, i) => text.slice(i * size, (i + 1) * size)).filter((piece) => piece !== '')
}

function sendChunk(response: ServerResponse, model: string, choice: object): void {
  const body = { id: 'c', object: 'chat.completion.chunk', model, choices: [{ index: 0, ...choice }] }
  if (!response.destroyed) response.write(`data: ${JSON.stringify(body)}\n\n`)
}
