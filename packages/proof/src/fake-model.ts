import { createServer, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

/** Is an OpenAI-compatible endpoint. It answers at once unless a test has directed something else for a question. */
export interface FakeModel {
  url: string
  /** Has the question and the prompt of each call so far. */
  readonly calls: ModelCall[]
  /** The next call whose question holds the marker stops after its first piece, until the test releases it. */
  hold(marker: string): HeldReply
  /** The next `times` calls whose question holds the marker are answered with this status. */
  fail(marker: string, status: number, times?: number): void
  /** The next `times` calls whose question holds the marker get this text, then lose their connection. */
  breakOff(marker: string, text: string, times?: number): void
  /** The next call whose question holds the marker gets this text in pieces, until the client disconnects. */
  streamText(marker: string, text: string, pace: Pace): void
  /** The next call whose question holds the marker gets this as `reasoning_content` before the answer. */
  think(marker: string, thought: string): void
  close(): Promise<void>
}

export interface ModelCall {
  question: string
  prompt: string
}

export interface Pace {
  pieceCharacters: number
  pauseMs: number
}

export interface HeldReply {
  /** Resolves when the first piece is sent. */
  started: Promise<void>
  release(): void
}

interface Direction {
  marker: string
  times: number
  act(response: ServerResponse, question: string): void
}

export const createAnswer = (question: string): string => `Answer to: ${question}`

export async function startFakeModel(): Promise<FakeModel> {
  const calls: ModelCall[] = []
  const directions: Direction[] = []
  const server = createServer(async (request, response) => {
    const prompt = await text(request)
    const question = findQuestion(prompt)
    calls.push({ question, prompt })
    const direction = directions.find(({ marker, times }) => times > 0 && question.includes(marker))
    if (!direction) return answer(response, question)
    direction.times -= 1
    direction.act(response, question)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const addDirection = (marker: string, times: number, act: Direction['act']) =>
    void directions.push({ marker, times, act })

  return {
    url: `http://127.0.0.1:${port}/v1`,
    calls,
    hold: (marker) => {
      const { act, held } = createHold()
      addDirection(marker, 1, act)
      return held
    },
    fail: (marker, status, times = 1) => addDirection(marker, times, (response) => refuse(response, status)),
    breakOff: (marker, text, times = 1) => addDirection(marker, times, (response) => breakOff(response, text)),
    streamText: (marker, text, pace) => addDirection(marker, 1, (response) => streamText(response, text, pace)),
    think: (marker, thought) => addDirection(marker, 1, (response, question) => answer(response, question, thought)),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Creates an answer that stops after its first piece until the test releases it. */
function createHold(): { act: Direction['act']; held: HeldReply } {
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const act = (response: ServerResponse, question: string) => {
    beginAnswer(response, question)
    reached.resolve()
    void released.promise.then(() => finishAnswer(response, question))
  }
  return { act, held: { started: reached.promise, release: released.resolve } }
}

function answer(response: ServerResponse, question: string, thought?: string): void {
  beginAnswer(response, question, thought)
  finishAnswer(response, question)
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end('{"error":{"message":"a secret of the host"}}')
}

function breakOff(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  writeChunk(response, { delta: { role: 'assistant', content: text }, finish_reason: null }, () => response.destroy())
}

function findQuestion(prompt: string): string {
  const { messages }: { messages: Array<{ role: string; content: string }> } = JSON.parse(prompt)
  return messages.findLast((message) => message.role === 'user')?.content ?? ''
}

function beginAnswer(response: ServerResponse, question: string, thought?: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (thought !== undefined) writeChunk(response, { delta: { reasoning_content: thought }, finish_reason: null })
  writeChunk(response, {
    delta: { role: 'assistant', content: createAnswer(question).slice(0, 8) },
    finish_reason: null,
  })
}

function finishAnswer(response: ServerResponse, question: string): void {
  writeChunk(response, { delta: { content: createAnswer(question).slice(8) }, finish_reason: null })
  endStream(response)
}

function streamText(response: ServerResponse, text: string, { pieceCharacters, pauseMs }: Pace): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  let at = 0
  const timer = setInterval(() => {
    const content = text.slice(at, at + pieceCharacters)
    at += pieceCharacters
    if (content === '' || response.destroyed) clearInterval(timer)
    if (response.destroyed) return
    if (content !== '') writeChunk(response, { delta: { content }, finish_reason: null })
    else endStream(response)
  }, pauseMs)
}

function endStream(response: ServerResponse): void {
  writeChunk(response, { delta: {}, finish_reason: 'stop' })
  response.end('data: [DONE]\n\n')
}

function writeChunk(response: ServerResponse, choice: object, onSent?: () => void): void {
  const body = { id: 'c', object: 'chat.completion.chunk', model: 'fake-1', choices: [{ index: 0, ...choice }] }
  response.write(`data: ${JSON.stringify(body)}\n\n`, onSent)
}
