import { createServer, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'

export type LlmFault = 'hang' | 'cut' | '429' | '500'

/** Is an OpenAI-compatible endpoint that always gives a question the same answer, and can be made to fail. */
export interface Llm {
  readonly port: number
  fault: LlmFault | null
  /** Counts the calls that were answered in full. */
  readonly answered: number
  close(): Promise<void>
}

const PIECES = 12
const MAX_PIECE_MS = 120

export const createAnswer = (question: string): string =>
  `Answer: ${question}. ${Array.from({ length: PIECES - 2 }, (_, i) => `Line ${i} on it.`).join(' ')}`

export async function startLlm(random: Random): Promise<Llm> {
  const answered = { count: 0 }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const text = createAnswer(findQuestion(body))
    const { fault } = llm
    if (fault === '429') return response.writeHead(429, { 'retry-after': '1' }).end('{}')
    if (fault === '500') return response.writeHead(500).end('{"error":{"message":"an upstream secret"}}')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const pieces = splitPieces(text)
    const pieceCount = fault === null ? pieces.length : random.between(0, pieces.length - 1)
    for (const piece of pieces.slice(0, pieceCount)) {
      chunk(response, { delta: { content: piece }, finish_reason: null })
      await sleep(random.between(0, MAX_PIECE_MS))
    }
    if (fault === 'hang') return
    if (fault === 'cut') return response.destroy()
    chunk(response, { delta: {}, finish_reason: 'stop' })
    answered.count += 1
    response.end('data: [DONE]\n\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const llm: Llm = {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    fault: null,
    get answered() {
      return answered.count
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return llm
}

function splitPieces(text: string): string[] {
  const size = Math.ceil(text.length / PIECES)
  return Array.from({ length: PIECES }, (_, i) => text.slice(i * size, (i + 1) * size)).filter((piece) => piece !== '')
}

/** Finds the last user's question in a prompt, without what the prompt adds to it. */
function findQuestion(body: string): string {
  const { messages }: { messages: Array<{ role: string; content: string }> } = JSON.parse(body)
  const last = messages.findLast((message) => message.role === 'user')?.content ?? ''
  return last.match(/question \d+ about \w+/)?.[0] ?? 'nothing'
}

function chunk(response: ServerResponse, choice: object): void {
  const body = { id: 'c', object: 'chat.completion.chunk', model: 'chaos-1', choices: [{ index: 0, ...choice }] }
  if (!response.destroyed) response.write(`data: ${JSON.stringify(body)}\n\n`)
}
