import { createServer, type ServerResponse } from 'node:http'

/** An OpenAI-compatible endpoint that a test directs: what isn't directed is answered at once. */
export interface Model {
  url: string
  /** The prompts of every call so far, as they came. */
  readonly calls: Call[]
  /** The next call whose question holds the marker stops after its first piece, until released. */
  hold(marker: string): HeldReply
  /** The next `times` calls whose question holds the marker are answered with this status. */
  fail(marker: string, status: number, times?: number): void
  /** The next `times` calls whose question holds the marker say this, then lose their connection. */
  breakOff(marker: string, text: string, times?: number): void
  /** The next call whose question holds the marker thinks this before it answers. */
  think(marker: string, thought: string): void
  close(): Promise<void>
}

export interface Call {
  question: string
  prompt: string
}

export interface HeldReply {
  /** The first piece is out. */
  reached: Promise<void>
  release(): void
}

interface Direction {
  marker: string
  times: number
  act(response: ServerResponse, question: string): void
}

export const createAnswer = (question: string): string => `Answer to: ${question}`

export async function startModel(): Promise<Model> {
  const calls: Call[] = []
  const directions: Direction[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const question = lastQuestion(body)
      calls.push({ question, prompt: body })
      const direction = directions.find(({ marker, times }) => times > 0 && question.includes(marker))
      if (direction) {
        direction.times -= 1
        direction.act(response, question)
      } else {
        begin(response, question)
        finish(response, question)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0

  return {
    url: `http://127.0.0.1:${port}/v1`,
    calls,
    hold: (marker) => {
      const reached = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      const act = (response: ServerResponse, question: string) => {
        begin(response, question)
        reached.resolve()
        void released.promise.then(() => finish(response, question))
      }
      directions.push({ marker, times: 1, act })
      return { reached: reached.promise, release: released.resolve }
    },
    fail: (marker, status, times = 1) => {
      const act = (response: ServerResponse) =>
        response.writeHead(status).end('{"error":{"message":"a secret of the host"}}')
      directions.push({ marker, times, act })
    },
    breakOff: (marker, text, times = 1) => {
      const act = (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        chunk(response, { delta: { role: 'assistant', content: text }, finish_reason: null }, () => response.destroy())
      }
      directions.push({ marker, times, act })
    },
    think: (marker, thought) => {
      const act = (response: ServerResponse, question: string) => {
        begin(response, question, thought)
        finish(response, question)
      }
      directions.push({ marker, times: 1, act })
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function lastQuestion(body: string): string {
  const { messages } = JSON.parse(body) as { messages: Array<{ role: string; content: string }> }
  return messages.findLast((message) => message.role === 'user')?.content ?? ''
}

function begin(response: ServerResponse, question: string, thought?: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (thought !== undefined) chunk(response, { delta: { reasoning_content: thought }, finish_reason: null })
  chunk(response, { delta: { role: 'assistant', content: createAnswer(question).slice(0, 8) }, finish_reason: null })
}

function finish(response: ServerResponse, question: string): void {
  chunk(response, { delta: { content: createAnswer(question).slice(8) }, finish_reason: null })
  chunk(response, { delta: {}, finish_reason: 'stop' })
  response.end('data: [DONE]\n\n')
}

function chunk(response: ServerResponse, choice: object, sent?: () => void): void {
  const body = { id: 'c', object: 'chat.completion.chunk', model: 'fake-1', choices: [{ index: 0, ...choice }] }
  response.write(`data: ${JSON.stringify(body)}\n\n`, sent)
}
