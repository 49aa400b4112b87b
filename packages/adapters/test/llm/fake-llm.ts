import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { ANSWER, type Behaviour, chooseBehaviour } from './fake-llm-behaviours.ts'

export interface FakeLlm {
  /** Is a value for LLM_BASE_URL. */
  url: string
  /** Records the bodies and keys of the requests so far, in order. */
  requests: RecordedRequest[]
  /** The next requests get these behaviours, whatever markers their questions have. */
  script(...behaviours: Behaviour[]): void
  /**
   * Releases this many pieces of gated answers, or all from now on if no number is given. `POST /release?count=1` does
   * the same.
   */
  release(count?: number): void
  /** Resolves when this many requests have arrived. */
  waitForRequests(count: number): Promise<void>
  /** Resolves when a client aborts one more answer. */
  waitForAbort(): Promise<void>
  close(): Promise<void>
}

export interface RecordedRequest {
  authorization: string | undefined
  body: { model: string; stream: boolean; messages: Array<{ role: string; content: string }> } & Record<string, unknown>
}

/** Starts a provider whose behaviour a marker in the question chooses, for example `fake:hang`. See the behaviours. */
export async function startFakeLlm(port = 0): Promise<FakeLlm> {
  const state = new FakeState()
  const server = createServer((request, response) => {
    answer(state, request, response).catch(() => response.destroy())
  })
  server.keepAliveTimeout = 0 // Otherwise a test that computes for seconds would find its connection closed.
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: state.requests,
    script: (...behaviours) => void state.scripted.push(...behaviours),
    release: (count = Number.POSITIVE_INFINITY) => state.release(count),
    waitForRequests: (count) => state.waitUntil(() => state.requests.length >= count),
    waitForAbort() {
      const before = state.abortedCount
      return state.waitUntil(() => state.abortedCount > before)
    },
    async close() {
      state.release(Number.POSITIVE_INFINITY)
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const KEEP_ALIVE_PAUSE_MS = 5

/** Holds what tests read and control. A test that waits checks again after each change. */
class FakeState {
  readonly requests: RecordedRequest[] = []
  readonly scripted: Behaviour[] = []
  /** Counts how often each question was asked. */
  readonly timesAsked = new Map<string, number>()
  abortedCount = 0
  #unusedReleases = 0
  #waiting = new Set<() => void>()

  notifyWaiting(): void {
    for (const check of [...this.#waiting]) check()
  }

  waitUntil(isTrue: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const check = () => {
      if (!isTrue()) return
      this.#waiting.delete(check)
      resolve()
    }
    this.#waiting.add(check)
    check()
    return promise
  }

  release(count: number): void {
    this.#unusedReleases += count
    this.notifyWaiting()
  }

  takeRelease(): Promise<void> {
    return this.waitUntil(() => {
      if (this.#unusedReleases < 1) return false
      this.#unusedReleases -= 1
      return true
    })
  }
}

async function answer(state: FakeState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake')
  if (pathname === '/release') {
    state.release(Number(searchParams.get('count') ?? Number.POSITIVE_INFINITY))
    return void response.end('released\n')
  }
  if (pathname === '/requests') return void response.end(JSON.stringify(state.requests))
  if (pathname !== '/v1/chat/completions') return void response.writeHead(404).end()

  const body = JSON.parse(Buffer.concat(chunks).toString()) as RecordedRequest['body']
  response.on('close', () => {
    if (!response.writableFinished) state.abortedCount += 1
    state.notifyWaiting()
  })
  state.requests.push({ authorization: request.headers.authorization, body })
  state.notifyWaiting()
  await applyBehaviour(state, response, selectBehaviour(state, body))
}

function selectBehaviour(state: FakeState, body: RecordedRequest['body']): Behaviour {
  const scripted = state.scripted.shift()
  if (scripted) return scripted
  const question = body.messages.at(-1)?.content ?? ''
  const timesAsked = (state.timesAsked.get(question) ?? 0) + 1
  state.timesAsked.set(question, timesAsked)
  return chooseBehaviour(question, timesAsked)
}

async function applyBehaviour(state: FakeState, response: ServerResponse, behaviour: Behaviour): Promise<void> {
  const { status = 200, retryAfter, hang, keepAlives = 0, cutAfter, pieces = ANSWER } = behaviour
  if (hang === 'silent') return // The request hangs until the client aborts it.
  if (status !== 200) {
    response.writeHead(status, { 'content-type': 'application/json', ...(retryAfter && { 'retry-after': retryAfter }) })
    const error = { message: 'UPSTREAM-TEXT', code: behaviour.errorCode ?? 'fake_error' }
    return void response.end(JSON.stringify(behaviour.errorBody ?? { error }))
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  for (let count = 0; count < keepAlives; count++) {
    response.write(': keep-alive\n\n')
    await setTimeout(behaviour.delayMs ?? KEEP_ALIVE_PAUSE_MS)
  }
  const frames = createFrames(behaviour, pieces)
  for (const [index, frame] of frames.entries()) {
    if (response.destroyed) return
    if (cutAfter === index) return void response.destroy()
    if (hang === 'midway' && index === 2) return // The frames 0 and 1 hold the role and the first piece.
    if (behaviour.gated) await state.takeRelease()
    if (keepAlives === 0 && behaviour.delayMs) await setTimeout(behaviour.delayMs)
    await write(response, frame, behaviour.split === 'bytes')
  }
  response.end()
}

/** Builds the chunks of a chat completion as the provider sends them. */
export function createFrames(behaviour: Behaviour, pieces: string[] = behaviour.pieces ?? ANSWER): string[] {
  const {
    finish = 'stop',
    usage = 'last',
    done = true,
    newline = '\n',
    reasoning = [],
    reasoningField = 'reasoning_content',
  } = behaviour
  const counts = { prompt_tokens: 120, completion_tokens: pieces.length, total_tokens: 120 + pieces.length }
  const createChunk = (fields: object) => ({
    id: 'chatcmpl-fake',
    object: 'chat.completion.chunk',
    model: 'fake-model-0613',
    ...fields,
  })
  const createDelta = (fields: object, finish_reason: string | null = null) =>
    createChunk({ choices: [{ index: 0, delta: fields, finish_reason }], ...(usage === 'null' && { usage: null }) })
  return [
    createDelta({ role: 'assistant', content: '' }),
    ...reasoning.map((text) => createDelta({ [reasoningField]: text })),
    ...pieces.map((content) => createDelta({ content })),
    ...(behaviour.error ? [{ error: behaviour.error }] : []),
    ...(finish ? [createDelta({}, finish)] : []),
    ...(usage === 'last' && finish ? [createChunk({ choices: [], usage: counts })] : []),
  ]
    .map((data) => `data: ${JSON.stringify(data)}${newline}${newline}`)
    .concat(done ? [`data: [DONE]${newline}${newline}`] : [])
}

async function write(response: ServerResponse, frame: string, isBytewise: boolean): Promise<void> {
  if (!isBytewise) return void response.write(frame)
  for (const byte of Buffer.from(frame)) {
    if (!response.write(Uint8Array.of(byte))) await Promise.race([once(response, 'drain'), once(response, 'close')])
    await setTimeout(0)
  }
}
