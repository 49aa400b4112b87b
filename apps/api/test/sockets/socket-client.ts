import type { ClientFrame, ServerFrame } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import { WebSocket } from 'ws'

type Type = ServerFrame['type']
export type FrameOfType<T extends Type> = Extract<ServerFrame, { type: T }>

/** Wraps a WebSocket. It keeps every frame, and gives each frame to one call of `next`. */
export interface SocketClient {
  socket: WebSocket
  /** Holds every frame that was ever received, in order. */
  frames: ServerFrame[]
  send(frame: ClientFrame): void
  /**
   * Resolves to the first frame of this type that matches and that no earlier call has got. It may have come before the
   * call.
   */
  next<T extends Type>(type: T, matches?: (frame: FrameOfType<T>) => boolean): Promise<FrameOfType<T>>
  /** Subscribes to a room, and resolves to the `subscribed` frame. */
  subscribe(event_id: string, last_seq?: number): Promise<FrameOfType<'subscribed'>>
  /** Sends a ping and waits for its pong, so that all earlier frames of the server have come. */
  readUntilPong(): Promise<void>
  closed: Promise<{ code: number; reason: string }>
  listFrames<T extends Type>(type: T): Array<FrameOfType<T>>
  close(): Promise<void>
}

export function openSocketClient(t: Test, url: string, headers: Record<string, string>): SocketClient {
  const socket = new WebSocket(url, { headers })
  const frames: ServerFrame[] = []
  const unread: ServerFrame[] = []
  let pendingChecks: Array<() => boolean> = []
  socket.on('error', () => undefined)
  socket.on('message', (data) => {
    const frame: ServerFrame = JSON.parse(data.toString())
    frames.push(frame)
    unread.push(frame)
    pendingChecks = pendingChecks.filter((check) => !check())
  })
  t.teardown(() => socket.terminate())
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })

  const next: SocketClient['next'] = (type, matches = () => true) =>
    new Promise((resolve) => {
      const check = () => {
        const index = unread.findIndex((frame) => frame.type === type && matches(frame as FrameOfType<typeof type>))
        if (index >= 0) resolve(unread.splice(index, 1)[0] as FrameOfType<typeof type>)
        return index >= 0
      }
      if (!check()) pendingChecks.push(check)
    })
  const send = (frame: ClientFrame) => socket.send(JSON.stringify(frame))
  return {
    socket,
    frames,
    send,
    next,
    subscribe(event_id, last_seq) {
      send({ type: 'subscribe', event_id, ...(last_seq !== undefined && { last_seq }) })
      return next('subscribed', (frame) => frame.event_id === event_id)
    },
    async readUntilPong() {
      send({ type: 'ping' })
      await next('pong')
    },
    closed,
    listFrames: <T extends Type>(type: T) => frames.filter((frame): frame is FrameOfType<T> => frame.type === type),
    async close() {
      socket.close()
      await closed
    },
  }
}
