import type { AccessGrant, Message, SendResult, ServerFrame } from '@engineer-chat/protocol'
import { WebSocket } from 'ws'
import { waitUntil } from './process.ts'

export interface HttpAnswer<T = unknown> {
  status: number
  body: T
  /** Is the body as text, in which tests search for words that must not be there. */
  text: string
}

/** Is a signed-in user. It uses plain HTTP and sockets, so that a test sees what a client library would hide. */
export class Person {
  readonly user_id: string
  readonly token: string

  constructor(user_id: string, token: string) {
    this.user_id = user_id
    this.token = token
  }

  static async signIn(base: string, username: string, password: string): Promise<Person> {
    const answer = await sendRequest<AccessGrant>(base, 'POST', '/api/auth/login', { body: { username, password } })
    if (answer.status !== 200) throw new Error(`sign-in of ${username}: ${answer.status} ${answer.text}`)
    return new Person(answer.body.user.user_id, answer.body.access_token)
  }

  call<T = unknown>(base: string, method: string, path: string, body?: unknown): Promise<HttpAnswer<T>> {
    return sendRequest<T>(base, method, path, { body, token: this.token })
  }

  ask(
    base: string,
    event_id: string,
    message: string,
    more: Record<string, unknown> = {},
  ): Promise<HttpAnswer<SendResult>> {
    return this.call<SendResult>(base, 'POST', '/api/engineer-chat/send', { event_id, message, ...more })
  }

  /** Waits until the reply is finished, by HTTP alone. */
  async waitForReply(base: string, sent: SendResult, within_ms = 60_000): Promise<Message> {
    const query = `event_id=${sent.user_message.event_id}&session_id=${sent.session_id}&limit=100`
    return waitUntil(
      `a reply to ${sent.user_message.message_id}`,
      async () => {
        const page = await this.call<{ messages: Message[] }>(base, 'GET', `/api/engineer-chat/history?${query}`)
        const reply = page.body.messages?.find((message) => message.message_id === sent.ai_message.message_id)
        return reply && reply.message_type !== 'thinking' && reply
      },
      within_ms,
    )
  }

  async follow(base: string, event_id: string, last_seq?: number): Promise<Follower> {
    const socket = new WebSocket(`${base.replace('http', 'ws')}/ws`, {
      headers: { authorization: `Bearer ${this.token}` },
    })
    const follower = new Follower(socket)
    await follower.until('hello', (frame) => frame.type === 'hello')
    socket.send(JSON.stringify({ type: 'subscribe', event_id, last_seq }))
    await follower.until('subscribed', (frame) => frame.type === 'subscribed' && frame.event_id === event_id)
    return follower
  }
}

/** Is a socket with all frames that it received. */
export class Follower {
  readonly socket: WebSocket
  readonly frames: ServerFrame[] = []
  closeCode: number | undefined

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))))
    socket.on('close', (code) => {
      this.closeCode = code
    })
    socket.on('error', () => {})
  }

  /** Waits for the first frame for which `fits` is true, also among those that came already. */
  until<F extends ServerFrame>(what: string, fits: (frame: ServerFrame) => frame is F, within_ms?: number): Promise<F>
  until(what: string, fits: (frame: ServerFrame) => boolean, within_ms?: number): Promise<ServerFrame>
  until(what: string, fits: (frame: ServerFrame) => boolean, within_ms?: number): Promise<ServerFrame> {
    return waitUntil(what, () => this.frames.find(fits), within_ms)
  }

  /** Waits for the frame of this row once it is no longer `thinking`. */
  waitForFinalRow(message_id: string, within_ms?: number) {
    return this.until(
      `the final row of ${message_id}`,
      (frame): frame is Extract<ServerFrame, { type: 'message' }> =>
        frame.type === 'message' &&
        frame.message.message_id === message_id &&
        frame.message.message_type !== 'thinking',
      within_ms,
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
  base: string,
  method: string,
  path: string,
  { body, token }: { body?: unknown; token?: string },
): Promise<HttpAnswer<T>> {
  const response = await fetch(base + path, {
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
