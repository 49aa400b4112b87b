import type { AccessGrant, Message, SendResult, ServerFrame } from '@engineer-chat/protocol'
import { WebSocket } from 'ws'
import { waitUntil } from './process.ts'

export interface HttpResponse<T = unknown> {
  status: number
  body: T
  /** Holds the body as text. Tests search it for words that must not be there. */
  text: string
}

/** Acts as a signed-in user by plain HTTP and WebSockets, so that a test sees everything that the server sends. */
export class TestUser {
  readonly user_id: string
  readonly token: string

  constructor(user_id: string, token: string) {
    this.user_id = user_id
    this.token = token
  }

  static async signIn(baseUrl: string, username: string, password: string): Promise<TestUser> {
    const credentials = { username, password }
    const response = await sendRequest<AccessGrant>(baseUrl, 'POST', '/api/auth/login', { body: credentials })
    if (response.status !== 200) throw new Error(`${username} could not sign in: ${response.status} ${response.text}`)
    return new TestUser(response.body.user.user_id, response.body.access_token)
  }

  call<T = unknown>(baseUrl: string, method: string, path: string, body?: unknown): Promise<HttpResponse<T>> {
    return sendRequest<T>(baseUrl, method, path, { body, token: this.token })
  }

  ask(
    baseUrl: string,
    event_id: string,
    message: string,
    fields: Record<string, unknown> = {},
  ): Promise<HttpResponse<SendResult>> {
    return this.call<SendResult>(baseUrl, 'POST', '/api/engineer-chat/send', { event_id, message, ...fields })
  }

  /** Waits until the reply has ended. It polls over HTTP, without a socket. */
  async waitForReply(baseUrl: string, sendResult: SendResult, timeoutMs = 60_000): Promise<Message> {
    const query = `event_id=${sendResult.user_message.event_id}&session_id=${sendResult.session_id}&limit=100`
    return waitUntil(
      `a reply to ${sendResult.user_message.message_id}`,
      async () => {
        const page = await this.call<{ messages: Message[] }>(baseUrl, 'GET', `/api/engineer-chat/history?${query}`)
        const reply = page.body.messages?.find((message) => message.message_id === sendResult.ai_message.message_id)
        return reply?.message_type === 'thinking' ? undefined : reply
      },
      timeoutMs,
    )
  }

  /** Opens a socket and subscribes to the event's room. Resolves when the server has confirmed the subscription. */
  async follow(baseUrl: string, event_id: string, last_seq?: number): Promise<FollowerSocket> {
    const socket = new WebSocket(`${baseUrl.replace('http', 'ws')}/ws`, {
      headers: { authorization: `Bearer ${this.token}` },
    })
    const follower = new FollowerSocket(socket)
    await follower.waitForFrame('hello', (frame) => frame.type === 'hello')
    socket.send(JSON.stringify({ type: 'subscribe', event_id, last_seq }))
    await follower.waitForFrame('subscribed', (frame) => frame.type === 'subscribed' && frame.event_id === event_id)
    return follower
  }
}

/** Records all frames that a socket receives, and the code with which it is closed. */
export class FollowerSocket {
  readonly socket: WebSocket
  readonly frames: ServerFrame[] = []
  closeCode: number | undefined

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))))
    socket.on('close', (code) => {
      this.closeCode = code
    })
    socket.on('error', () => {}) // Without a listener, an error would end the test. `close` follows it.
  }

  /** Waits for the first frame for which `matches` is true. Frames that have already arrived count too. */
  waitForFrame<F extends ServerFrame>(
    condition: string,
    matches: (frame: ServerFrame) => frame is F,
    timeoutMs?: number,
  ): Promise<F>
  waitForFrame(condition: string, matches: (frame: ServerFrame) => boolean, timeoutMs?: number): Promise<ServerFrame>
  waitForFrame(condition: string, matches: (frame: ServerFrame) => boolean, timeoutMs?: number): Promise<ServerFrame> {
    return waitUntil(condition, () => this.frames.find(matches), timeoutMs)
  }

  /** Waits for the frame with this message whose `message_type` is no longer `thinking`. */
  waitForFinalRow(message_id: string, timeoutMs?: number) {
    return this.waitForFrame(
      `the final row of ${message_id}`,
      (frame): frame is Extract<ServerFrame, { type: 'message' }> =>
        frame.type === 'message' &&
        frame.message.message_id === message_id &&
        frame.message.message_type !== 'thinking',
      timeoutMs,
    )
  }

  listDeltas(message_id: string) {
    return this.frames.filter((frame) => frame.type === 'delta').filter((frame) => frame.message_id === message_id)
  }

  close(): void {
    this.socket.terminate()
  }
}

async function sendRequest<T>(
  baseUrl: string,
  method: string,
  path: string,
  { body, token }: { body?: unknown; token?: string },
): Promise<HttpResponse<T>> {
  const response = await fetch(baseUrl + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const parsed: T = text === '' ? undefined : JSON.parse(text)
  return { status: response.status, body: parsed, text }
}
