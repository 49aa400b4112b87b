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
  /** Called once, when the server closes the socket or the connection is lost (1006). */
  onEnd(code: number): void
}

const ABNORMAL_CLOSE = 1006

/** Opens one WebSocket and ends it when a whole heartbeat brings no frame: a lost network sends no close. */
export function openConnection(options: ConnectionOptions): Connection {
  const socket = new options.WebSocket(options.url)
  let over = false
  let heard = true
  let heartbeat: ReturnType<typeof setInterval> | undefined
  const noHello = setTimeout(() => end(ABNORMAL_CLOSE), options.helloWithinMs)

  const send = (frame: ClientFrame) => {
    if (!over && socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame))
  }
  const leave = () => {
    over = true
    clearTimeout(noHello)
    clearInterval(heartbeat)
    socket.close()
  }
  const end = (code: number) => {
    if (over) return
    leave()
    options.onEnd(code)
  }
  const beat = () => {
    if (!heard) return end(ABNORMAL_CLOSE)
    heard = false
    send({ type: 'ping' })
  }
  socket.onmessage = ({ data }) => {
    if (over) return
    heard = true
    const frame = parse(data)
    if (frame?.type === 'hello') {
      clearTimeout(noHello)
      clearInterval(heartbeat)
      heartbeat = setInterval(beat, frame.heartbeat_interval_ms)
    }
    if (frame) options.onFrame(frame)
  }
  socket.onerror = () => {} // The browser calls onclose next.
  socket.onclose = ({ code }) => end(code)
  return { send, close: leave }
}

export const isSignedOut = (code: number): boolean => code === CLOSE.unauthenticated

function parse(data: unknown): ServerFrame | undefined {
  try {
    const frame: ServerFrame = JSON.parse(String(data))
    return frame
  } catch {
    return undefined // A frame that can't be parsed is skipped; the next subscription brings what it contained.
  }
}
