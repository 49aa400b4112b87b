import { CLOSE, type ClientFrame, type ServerFrame } from '@engineer-chat/protocol'

export interface Connection {
  send(frame: ClientFrame): void
  /** Closes the socket without calling `onEnd`. */
  close(): void
}

export interface ConnectionOptions {
  url: string
  WebSocket: typeof WebSocket
  /** The connection ends with 1006 if the server's `hello` takes longer. */
  helloWithinMs: number
  onFrame(frame: ServerFrame): void
  /** Asks a silent server sooner than a heartbeat whether it is there. */
  probe?: Probe | undefined
  /** Called once, when the server closes the socket or the connection is lost (1006), with the time since when. */
  onEnd(code: number, since: number): void
}

/** After `silentMs` without a frame a ping is sent; without an answer within as long again the connection is dead. */
export interface Probe {
  silentMs: number
  /** A page that nobody sees doesn't ask. */
  isWanted(): boolean
}

const TICKS_PER_PROBE = 4

const ABNORMAL_CLOSE = 1006

/** Opens one WebSocket and ends it when a heartbeat or a probe brings no frame: a lost network sends no close. */
export function openConnection(options: ConnectionOptions): Connection {
  const socket = new options.WebSocket(options.url)
  let over = false
  let heard = true
  let heardAt = Date.now()
  /** Counts ticks and not time, because a page that was stopped for a while has the answers still to read. */
  let silentTicks = 0
  let probing: ReturnType<typeof setInterval> | undefined
  let heartbeat: ReturnType<typeof setInterval> | undefined
  const noHello = setTimeout(() => end(ABNORMAL_CLOSE), options.helloWithinMs)

  const send = (frame: ClientFrame) => {
    if (!over && socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame))
  }
  const leave = () => {
    over = true
    clearTimeout(noHello)
    clearInterval(heartbeat)
    clearInterval(probing)
    socket.close()
  }
  const end = (code: number, since = Date.now()) => {
    if (over) return
    leave()
    options.onEnd(code, since)
  }
  const beat = () => {
    if (!heard) return end(ABNORMAL_CLOSE, heardAt)
    heard = false
    send({ type: 'ping' })
  }
  const tick = ({ isWanted }: Probe) => {
    silentTicks = isWanted() ? silentTicks + 1 : 0
    if (silentTicks === TICKS_PER_PROBE) send({ type: 'ping' })
    if (silentTicks > 2 * TICKS_PER_PROBE) end(ABNORMAL_CLOSE, heardAt)
  }
  const startProbing = (probe: Probe) => {
    clearInterval(probing)
    probing = setInterval(tick, probe.silentMs / TICKS_PER_PROBE, probe)
  }
  socket.onmessage = ({ data }) => {
    if (over) return
    heard = true
    heardAt = Date.now()
    silentTicks = 0
    const frame = parse(data)
    if (frame?.type === 'hello') {
      clearTimeout(noHello)
      clearInterval(heartbeat)
      heartbeat = setInterval(beat, frame.heartbeat_interval_ms)
      if (options.probe) startProbing(options.probe)
    }
    if (frame) options.onFrame(frame)
  }
  socket.onerror = () => {} // The browser calls onclose next.
  socket.onclose = ({ code }) => end(code)
  return { send, close: leave }
}

export const isSignedOut = (code: number): boolean => code === CLOSE.unauthenticated

export function toSocketUrl(baseUrl: string, ticket: string): string {
  const url = new URL(`${baseUrl}/ws`)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.searchParams.set('ticket', ticket)
  return url.href
}

function parse(data: unknown): ServerFrame | undefined {
  try {
    const frame: ServerFrame = JSON.parse(String(data))
    return frame
  } catch {
    return undefined // A frame that can't be parsed is skipped; the next subscription brings what it contained.
  }
}
