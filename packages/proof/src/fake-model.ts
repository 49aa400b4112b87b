import { createServer, type ServerResponse } from 'node:http'
import { text as readText } from 'node:stream/consumers'

/**
 * Is an OpenAI-compatible endpoint that answers immediately. A test can set another behaviour for the next calls whose
 * question contains a marker.
 */
export interface FakeModel {
  url: string
  /** Lists the question and the prompt of each call so far. */
  readonly calls: ModelCall[]
  /** Makes the next call pause after its first piece until the test resumes it. */
  pauseAfterFirstPiece(marker: string): PausedAnswer
  /** Answers the next `times` calls with this status. */
  failWith(marker: string, status: number, times?: number): void
  /** Sends this text to the next `times` calls, then closes their connection. */
  sendThenDisconnect(marker: string, text: string, times?: number): void
  /** Sends this text to the next call in pieces, until the client disconnects. */
  streamText(marker: string, text: string, pace: Pace): void
  /** Sends this as `reasoning_content` to the next call, before the answer. */
  sendReasoning(marker: string, thought: string): void
  /** Answers at most `maxConcurrent` calls at the same time from now on, each after `answerMs`; others get 429. */
  limit(maxConcurrent: number, answerMs: number): void
  /** Is the highest number of calls that were answered at the same time since `limit`. */
  readonly peakConcurrency: number
  /** Counts the calls that were refused because of `limit`. */
  readonly refused: number
  close(): Promise<void>
}

export interface ModelCall {
  question: string
  prompt: string
}

export interface Pace {
  pieceCharacters: number
  pauseMs: number
  /** After the text a word follows in each pause, until the client disconnects. */
  isEndless?: boolean
}

export interface PausedAnswer {
  /** Resolves when the first piece is sent. */
  started: Promise<void>
  resume(): void
}

const FIRST_PIECE_CHARACTERS = 8

interface Instruction {
  marker: string
  times: number
  act(response: ServerResponse, question: string): void
}

export const createAnswer = (question: string): string => `Answer to: ${question}`

export async function startFakeModel(): Promise<FakeModel> {
  const calls: ModelCall[] = []
  const instructions: Instruction[] = []
  const capacity = createCapacity()
  const server = createServer(async (request, response) => {
    const prompt = await readText(request)
    const question = findQuestion(prompt)
    calls.push({ question, prompt })
    const instruction = instructions.find(({ marker, times }) => times > 0 && question.includes(marker))
    if (!instruction) return capacity.answer(response, question)
    instruction.times -= 1
    instruction.act(response, question)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const addInstruction = (marker: string, times: number, act: Instruction['act']) =>
    void instructions.push({ marker, times, act })

  return {
    url: `http://127.0.0.1:${port}/v1`,
    calls,
    limit: capacity.limit,
    get peakConcurrency() {
      return capacity.peakConcurrency
    },
    get refused() {
      return capacity.refused
    },
    pauseAfterFirstPiece: (marker) => {
      const { act, paused } = createPausableAnswer()
      addInstruction(marker, 1, act)
      return paused
    },
    failWith: (marker, status, times = 1) => addInstruction(marker, times, (response) => refuse(response, status)),
    sendThenDisconnect: (marker, text, times = 1) =>
      addInstruction(marker, times, (response) => sendAndDisconnect(response, text)),
    streamText: (marker, text, pace) => addInstruction(marker, 1, (response) => streamText(response, text, pace)),
    sendReasoning: (marker, thought) =>
      addInstruction(marker, 1, (response, question) => answer(response, question, thought)),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Counts the calls that are answered at the same time, and refuses those above the limit. */
function createCapacity() {
  let [maxConcurrent, answerMs] = [Number.POSITIVE_INFINITY, 0]
  let current = 0
  const capacity = {
    peakConcurrency: 0,
    refused: 0,
    limit(newMaximum: number, newAnswerMs: number): void {
      maxConcurrent = newMaximum
      answerMs = newAnswerMs
    },
    answer(response: ServerResponse, question: string): void {
      if (answerMs === 0) {
        answer(response, question)
        return
      }
      if (current >= maxConcurrent) {
        capacity.refused += 1
        refuse(response, 429)
        return
      }
      current += 1
      capacity.peakConcurrency = Math.max(capacity.peakConcurrency, current)
      beginAnswer(response, question)
      setTimeout(() => {
        current -= 1
        finishAnswer(response, question)
      }, answerMs)
    },
  }
  return capacity
}

/** Creates an answer that pauses after its first piece until the test resumes it. */
function createPausableAnswer(): { act: Instruction['act']; paused: PausedAnswer } {
  const started = Promise.withResolvers<void>()
  const resumed = Promise.withResolvers<void>()
  const act = (response: ServerResponse, question: string) => {
    beginAnswer(response, question)
    started.resolve()
    void resumed.promise.then(() => finishAnswer(response, question))
  }
  return { act, paused: { started: started.promise, resume: resumed.resolve } }
}

function answer(response: ServerResponse, question: string, thought?: string): void {
  beginAnswer(response, question, thought)
  finishAnswer(response, question)
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end('{"error":{"message":"a secret of the host"}}')
}

function sendAndDisconnect(response: ServerResponse, text: string): void {
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
    delta: { role: 'assistant', content: createAnswer(question).slice(0, FIRST_PIECE_CHARACTERS) },
    finish_reason: null,
  })
}

function finishAnswer(response: ServerResponse, question: string): void {
  writeChunk(response, {
    delta: { content: createAnswer(question).slice(FIRST_PIECE_CHARACTERS) },
    finish_reason: null,
  })
  endStream(response)
}

function streamText(response: ServerResponse, text: string, { pieceCharacters, pauseMs, isEndless }: Pace): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  let sentCharacters = 0
  const timer = setInterval(() => {
    const piece = text.slice(sentCharacters, sentCharacters + pieceCharacters)
    const content = piece === '' && isEndless ? `more-${sentCharacters} ` : piece
    sentCharacters += pieceCharacters
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
