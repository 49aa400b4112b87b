import { createServer, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'

export type LlmFault = 'hang' | 'cut' | '429' | '500'

/** Is an OpenAI-compatible endpoint that always gives a question the same answer, and can be made to fail. */
export interface Llm {
  readonly port: number
  fault: LlmFault | null
  /** Counts the calls that were answered in full. */
  readonly answeredCalls: number
  close(): Promise<void>
}

const PIECES = 12
const MAX_PIECE_MS = 120

export const createAnswer = (question: string): string =>
  `Answer: ${question}. ${Array.from({ length: PIECES - 2 }, (_, i) => `Line ${i} on it.`).join(' ')}`

export async function startLlm(random: Random): Promise<Llm> {
  let answeredCalls = 0
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const text = createAnswer(findQuestion(body))
    const { fault } = llm
    if (fault === '429') return response.writeHead(429, { 'retry-after': '1' }).end('{}')
    if (fault === '500') return response.writeHead(500).end('{"error":{"message":"an upstream secret"}}')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const pieces = splitIntoPieces(text)
    const pieceCount = fault === null ? pieces.length : random.drawInteger(0, pieces.length - 1)
    for (const piece of pieces.slice(0, pieceCount)) {
      sendChunk(response, { delta: { content: piece }, finish_reason: null })
      await sleep(random.drawInteger(0, MAX_PIECE_MS))
    }
    if (fault === 'hang') return
    if (fault === 'cut') return response.destroy()
    sendChunk(response, { delta: {}, finish_reason: 'stop' })
    answeredCalls += 1
    response.end('data: [DONE]\n\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const llm: Llm = {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    fault: null,
    get answeredCalls() {
      return answeredCalls
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return llm
}

function splitIntoPieces(text: string): string[] {
  const size = Math.ceil(text.length / PIECES)
  return Array.from({ length: PIECES }, (_, i) => text.slice(i * size, (i + 1) * size)).filter((piece) => piece !== '')
}

/** Finds the last question of a user in a prompt, without the text that the prompt adds to it. */
function findQuestion(body: string): string {
  const { messages }: { messages: Array<{ role: string; content: string }> } = JSON.parse(body)
  const last = messages.findLast((message) => message.role === 'user')?.content ?? ''
  return last.match(/question \d+ about \w+/)?.[0] ?? 'nothing'
}

function sendChunk(response: ServerResponse, choice: object): void {
  const body = { id: 'c', object: 'chat.completion.chunk', model: 'chaos-1', choices: [{ index: 0, ...choice }] }
  if (!response.destroyed) response.write(`data: ${JSON.stringify(body)}\n\n`)
}
