import { createServer, type ServerResponse } from 'node:http'
import { text as readText } from 'node:stream/consumers'

/**
 * Controls an OpenAI-compatible endpoint that answers immediately. A test can set another behaviour for the next calls
 * whose question contains a marker.
 */
export interface FakeModel {
  url: string
  /** Lists the calls so far, also those that failed or were refused. */
  readonly calls: ModelCall[]
  /** Makes the next call pause after its first delta until the test resumes it. */
  pauseAfterFirstDelta(marker: string): PausedAnswer
  /** Answers the next `callCount` calls with this status. */
  failWith(marker: string, status: number, callCount?: number): void
  /** Sends this text to the next `callCount` calls, then closes their connection. */
  sendThenDisconnect(marker: string, text: string, callCount?: number): void
  /** Sends this text to the next call in deltas. It stops early if the client disconnects. */
  streamText(marker: string, text: string, pace: Pace): void
  /** Sends this thought as `reasoning_content` to the next call, before the answer. */
  sendReasoning(marker: string, thought: string): void
  /**
   * Answers at most `maxConcurrent` calls at the same time from now on. Each answer begins with its first delta
   * immediately, and ends after `answerMs`, which is more than 0. Further calls get 429. Calls for which a
   * test has set a behaviour are not limited.
   */
  limitConcurrency(maxConcurrent: number, answerMs: number): void
  /** Gives the highest number of calls that were answered at the same time since the first `limitConcurrency`. */
  readonly peakConcurrency: number
  /** Counts the calls that were refused because of `limitConcurrency`. */
  readonly refusedCalls: number
  close(): Promise<void>
}

export interface ModelCall {
  question: string
  /** Holds the body of the request as text. The prompt is its field `messages`. */
  requestBody: string
}

export interface Pace {
  deltaCharacters: number
  pauseMs: number
  /** After the end of the text, a further word is sent after each pause until the client disconnects. */
  isEndless?: boolean
}

export interface PausedAnswer {
  /** Resolves when the first delta is sent. */
  started: Promise<void>
  resume(): void
}

/** Every answer of `createAnswer` begins with this text. It is sent first, before a possible pause. */
export const FIRST_DELTA = 'Answer t'
/** Stands for a provider's details in an error. Tests look for this text, because no user may see it. */
const ERROR_DETAIL = 'a secret of the host'

interface Instruction {
  marker: string
  remainingCalls: number
  respond(response: ServerResponse, question: string): void
}

export const createAnswer = (question: string): string => `Answer to: ${question}`

export async function startFakeModel(): Promise<FakeModel> {
  const calls: ModelCall[] = []
  const instructions: Instruction[] = []
  const responder = createResponder()
  const server = createServer(async (request, response) => {
    const requestBody = await readText(request)
    const question = findQuestion(requestBody)
    calls.push({ question, requestBody })
    const instruction = instructions.find(
      ({ marker, remainingCalls }) => remainingCalls > 0 && question.includes(marker),
    )
    if (!instruction) return responder.answer(response, question)
    instruction.remainingCalls -= 1
    instruction.respond(response, question)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const addInstruction = (marker: string, remainingCalls: number, respond: Instruction['respond']) =>
    void instructions.push({ marker, remainingCalls, respond })

  return {
    url: `http://127.0.0.1:${port}/v1`,
    calls,
    limitConcurrency: responder.limitConcurrency,
    get peakConcurrency() {
      return responder.peakConcurrency
    },
    get refusedCalls() {
      return responder.refusedCalls
    },
    pauseAfterFirstDelta: (marker) => {
      const { respond, paused } = createPausableAnswer()
      addInstruction(marker, 1, respond)
      return paused
    },
    failWith: (marker, status, callCount = 1) =>
      addInstruction(marker, callCount, (response) => refuse(response, status)),
    sendThenDisconnect: (marker, text, callCount = 1) =>
      addInstruction(marker, callCount, (response) => sendAndDisconnect(response, text)),
    streamText: (marker, text, pace) => addInstruction(marker, 1, (response) => streamText(response, text, pace)),
    sendReasoning: (marker, thought) =>
      addInstruction(marker, 1, (response, question) => answerImmediately(response, question, thought)),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/**
 * Creates the responder for calls without an instruction. If a limit is set, it counts the calls that are answered at
 * the same time, and refuses calls above the limit.
 */
function createResponder() {
  let maxConcurrent = Number.POSITIVE_INFINITY
  let answerMs = 0
  let currentCalls = 0
  const responder = {
    peakConcurrency: 0,
    refusedCalls: 0,
    limitConcurrency(newMaximum: number, newAnswerMs: number): void {
      maxConcurrent = newMaximum
      answerMs = newAnswerMs
    },
    answer(response: ServerResponse, question: string): void {
      const isLimited = answerMs > 0
      if (!isLimited) {
        answerImmediately(response, question)
        return
      }
      if (currentCalls >= maxConcurrent) {
        responder.refusedCalls += 1
        refuse(response, 429)
        return
      }
      currentCalls += 1
      responder.peakConcurrency = Math.max(responder.peakConcurrency, currentCalls)
      beginAnswer(response)
      setTimeout(() => {
        currentCalls -= 1
        finishAnswer(response, question)
      }, answerMs)
    },
  }
  return responder
}

/** Creates an answer that pauses after its first delta until the test resumes it. */
function createPausableAnswer(): { respond: Instruction['respond']; paused: PausedAnswer } {
  const started = Promise.withResolvers<void>()
  const resumed = Promise.withResolvers<void>()
  const respond = (response: ServerResponse, question: string) => {
    beginAnswer(response)
    started.resolve()
    void resumed.promise.then(() => finishAnswer(response, question))
  }
  return { respond, paused: { started: started.promise, resume: resumed.resolve } }
}

function answerImmediately(response: ServerResponse, question: string, thought?: string): void {
  beginAnswer(response, thought)
  finishAnswer(response, question)
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end(JSON.stringify({ error: { message: ERROR_DETAIL } }))
}

function sendAndDisconnect(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  writeChunk(response, { delta: { role: 'assistant', content: text }, finish_reason: null }, () => response.destroy())
}

function findQuestion(requestBody: string): string {
  const { messages }: { messages: Array<{ role: string; content: string }> } = JSON.parse(requestBody)
  return messages.findLast((message) => message.role === 'user')?.content ?? ''
}

function beginAnswer(response: ServerResponse, thought?: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (thought !== undefined) writeChunk(response, { delta: { reasoning_content: thought }, finish_reason: null })
  writeChunk(response, { delta: { role: 'assistant', content: FIRST_DELTA }, finish_reason: null })
}

function finishAnswer(response: ServerResponse, question: string): void {
  writeChunk(response, {
    delta: { content: createAnswer(question).slice(FIRST_DELTA.length) },
    finish_reason: null,
  })
  endStream(response)
}

function streamText(response: ServerResponse, text: string, { deltaCharacters, pauseMs, isEndless }: Pace): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  let sentCharacters = 0
  const timer = setInterval(() => {
    if (response.destroyed) {
      clearInterval(timer)
      return
    }
    const delta = text.slice(sentCharacters, sentCharacters + deltaCharacters)
    const content = delta === '' && isEndless ? `more-${sentCharacters} ` : delta
    sentCharacters += deltaCharacters
    if (content === '') {
      clearInterval(timer)
      endStream(response)
    } else writeChunk(response, { delta: { content }, finish_reason: null })
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
