import type { ClientFrame, ServerFrame } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import { WebSocket } from 'ws'

type Type = ServerFrame['type']
export type FrameOf<T extends Type> = Extract<ServerFrame, { type: T }>

/** A socket, everything it was ever sent, and what of it no test has asked for yet. */
export interface Client {
  socket: WebSocket
  /** All frames are in order, from the first. */
  all: ServerFrame[]
  send(frame: ClientFrame): void
  /** The next frame of this type that fits, taking it out of what waits. */
  next<T extends Type>(type: T, fits?: (frame: FrameOf<T>) => boolean): Promise<FrameOf<T>>
  subscribe(event_id: string, last_seq?: number): Promise<FrameOf<'subscribed'>>
  /** Everything that the server had sent before it answered this. */
  settle(): Promise<ServerFrame[]>
  closed: Promise<{ code: number; reason: string }>
  of<T extends Type>(type: T): Array<FrameOf<T>>
  leave(): Promise<void>
}

export function client(t: Test, url: string, headers: Record<string, string>): Client {
  const socket = new WebSocket(url, { headers })
  const all: ServerFrame[] = []
  const waiting: ServerFrame[] = []
  let wanted: Array<() => boolean> = []
  socket.on('error', () => undefined)
  socket.on('message', (data) => {
    const frame: ServerFrame = JSON.parse(data.toString())
    all.push(frame)
    waiting.push(frame)
    wanted = wanted.filter((check) => !check())
  })
  t.teardown(() => socket.terminate())
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })

  const next: Client['next'] = (type, fits = () => true) =>
    new Promise((resolve) => {
      const check = () => {
        const index = waiting.findIndex((frame) => frame.type === type && fits(frame as FrameOf<typeof type>))
        if (index >= 0) resolve(waiting.splice(index, 1)[0] as FrameOf<typeof type>)
        return index >= 0
      }
      if (!check()) wanted.push(check)
    })
  const send = (frame: ClientFrame) => socket.send(JSON.stringify(frame))
  return {
    socket,
    all,
    send,
    next,
    subscribe(event_id, last_seq) {
      send({ type: 'subscribe', event_id, ...(last_seq !== undefined && { last_seq }) })
      return next('subscribed', (frame) => frame.event_id === event_id)
    },
    async settle() {
      send({ type: 'ping' })
      await next('pong')
      return all
    },
    closed,
    of: <T extends Type>(type: T) => all.filter((frame): frame is FrameOf<T> => frame.type === type),
    async leave() {
      socket.close()
      await closed
    },
  }
}
