import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { ANSWER, type Behaviour, chooseBehaviour } from './fake-llm-behaviours.ts'

export interface FakeLlm {
  /** Tests set LLM_BASE_URL to this. */
  url: string
  /** Records the bodies and keys of the requests so far, in order. */
  requests: Recorded[]
  /** The next requests get this behaviour, before any marker in a question counts. */
  script(...behaviours: Behaviour[]): void
  /**
   * Releases this many pieces of gated answers, or all from now on if no number is given. `POST /release?count=1` does the
   * same.
   */
  release(count?: number): void
  /** Resolves when this many requests have arrived. */
  asked(count: number): Promise<void>
  /** Resolves when a client gives up one more answer. */
  abandonedNext(): Promise<void>
  close(): Promise<void>
}

export interface Recorded {
  authorization: string | undefined
  body: { model: string; stream: boolean; messages: Array<{ role: string; content: string }> } & Record<string, unknown>
}

/** Starts a provider that does what the question's marker says, for example `fake:hang`. See the behaviours. */
export async function startFakeLlm(port = 0): Promise<FakeLlm> {
  const state = new State()
  const server = createServer((request, response) => {
    answer(state, request, response).catch(() => response.destroy())
  })
  server.keepAliveTimeout = 0 // A test that computes for seconds would find its connection closed.
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: state.requests,
    script: (...behaviours) => void state.scripted.push(...behaviours),
    release: (count = Number.POSITIVE_INFINITY) => state.release(count),
    asked: (count) => state.until(() => state.requests.length >= count),
    abandonedNext() {
      const before = state.abandoned
      return state.until(() => state.abandoned > before)
    },
    async close() {
      state.release(Number.POSITIVE_INFINITY)
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Holds what tests read and control. A test that waits checks again after each change. */
class State {
  readonly requests: Recorded[] = []
  readonly scripted: Behaviour[] = []
  readonly seen = new Map<string, number>()
  abandoned = 0
  #released = 0
  #waiting = new Set<() => void>()

  changed(): void {
    for (const look of [...this.#waiting]) look()
  }

  until(holds: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = () => {
      if (!holds()) return
      this.#waiting.delete(look)
      resolve()
    }
    this.#waiting.add(look)
    look()
    return promise
  }

  release(count: number): void {
    this.#released += count
    this.changed()
  }

  pass(): Promise<void> {
    return this.until(() => {
      if (this.#released < 1) return false
      this.#released -= 1
      return true
    })
  }
}

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Uint8Array[] = []
  for await (const createChunk of request) chunks.push(createChunk)
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake')
  if (pathname === '/release') {
    state.release(Number(searchParams.get('count') ?? Number.POSITIVE_INFINITY))
    return void response.end('released\n')
  }
  if (pathname === '/requests') return void response.end(JSON.stringify(state.requests))
  if (pathname !== '/v1/chat/completions') return void response.writeHead(404).end()

  const body = JSON.parse(Buffer.concat(chunks).toString()) as Recorded['body']
  response.on('close', () => {
    if (!response.writableFinished) state.abandoned += 1
    state.changed()
  })
  state.requests.push({ authorization: request.headers.authorization, body })
  state.changed()
  await applyBehaviour(state, response, selectBehaviour(state, body))
}

function selectBehaviour(state: State, body: Recorded['body']): Behaviour {
  const scripted = state.scripted.shift()
  if (scripted) return scripted
  const question = body.messages.at(-1)?.content ?? ''
  const seen = (state.seen.get(question) ?? 0) + 1
  state.seen.set(question, seen)
  return chooseBehaviour(question, seen)
}

async function applyBehaviour(state: State, response: ServerResponse, behaviour: Behaviour): Promise<void> {
  const { status = 200, retryAfter, hang, keepAlives = 0, cutAfter, pieces = ANSWER } = behaviour
  if (hang === 'silent') return // The client gives up, or nobody does.
  if (status !== 200) {
    response.writeHead(status, { 'content-type': 'application/json', ...(retryAfter && { 'retry-after': retryAfter }) })
    return void response.end(
      JSON.stringify({ error: { message: 'UPSTREAM-TEXT', code: behaviour.errorCode ?? 'fake_error' } }),
    )
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  for (let at = 0; at < keepAlives; at++) {
    response.write(': keep-alive\n\n')
    await setTimeout(behaviour.delay_ms ?? 5)
  }
  const frames = createFrames(behaviour, pieces)
  for (const [at, frame] of frames.entries()) {
    if (response.destroyed) return
    if (cutAfter === at) return void response.destroy()
    if (hang === 'midway' && at === 2) return
    if (behaviour.gated) await state.pass()
    if (keepAlives === 0 && behaviour.delay_ms) await setTimeout(behaviour.delay_ms)
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
  const chunk = (fields: object) => ({
    id: 'chatcmpl-fake',
    object: 'chat.completion.chunk',
    model: 'fake-model-0613',
    ...fields,
  })
  const createDelta = (fields: object, finish_reason: string | null = null) =>
    chunk({ choices: [{ index: 0, delta: fields, finish_reason }], ...(usage === 'null' && { usage: null }) })
  return [
    createDelta({ role: 'assistant', content: '' }),
    ...reasoning.map((text) => createDelta({ [reasoningField]: text })),
    ...pieces.map((content) => createDelta({ content })),
    ...(behaviour.error ? [{ error: behaviour.error }] : []),
    ...(finish ? [createDelta({}, finish)] : []),
    ...(usage === 'last' && finish ? [chunk({ choices: [], usage: counts })] : []),
  ]
    .map((data) => `data: ${JSON.stringify(data)}${newline}${newline}`)
    .concat(done ? [`data: [DONE]${newline}${newline}`] : [])
}

async function write(response: ServerResponse, frame: string, bytewise: boolean): Promise<void> {
  if (!bytewise) return void response.write(frame)
  for (const byte of Buffer.from(frame)) {
    if (!response.write(Uint8Array.of(byte))) await Promise.race([once(response, 'drain'), once(response, 'close')])
    await setTimeout(0)
  }
}
