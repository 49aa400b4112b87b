import { CLOSE_CODES, type ClientFrame, type ServerFrame } from '@engineer-chat/protocol'

export interface Connection {
  send(frame: ClientFrame): void
  /** Closes the WebSocket without calling `onEnd`. */
  close(): void
}

export interface ConnectionOptions {
  url: string
  WebSocket: typeof WebSocket
  /** The connection ends with 1006 if the server's `hello` takes longer. */
  helloTimeoutMs: number
  onFrame(frame: ServerFrame): void
  /** Detects a silent server sooner than the heartbeat does. */
  silenceProbe?: ProbeOptions | undefined
  /**
   * Runs at most once: when the server closes the WebSocket, or with 1006 if the connection is lost or a frame can't be
   * parsed. `lostAtMs` is the time of the last frame if the server fell silent, or else the time of the end.
   */
  onEnd(code: number, lostAtMs: number): void
}

/**
 * Configures a probe, which sends a ping after about `pingAfterMs` without a frame, and ends the connection after about
 * twice that time.
 */
export interface ProbeOptions {
  pingAfterMs: number
  /** Returns false while the probe must send no pings, for example while the page is hidden. */
  isEnabled(): boolean
}

/** The probe checks this many times during `pingAfterMs` whether a frame has arrived. */
const TICKS_PER_PROBE = 4

const ABNORMAL_CLOSE = 1006

/**
 * Opens one WebSocket, and ends it if no frame answers a heartbeat or a probe, because a lost network sends no close.
 */
export function openConnection(options: ConnectionOptions): Connection {
  const webSocket = new options.WebSocket(options.url)
  let hasEnded = false
  let hasFrameSincePing = true
  let lastFrameAtMs = Date.now()
  let heartbeatTimer: ReturnType<typeof setInterval> | undefined
  let silenceTimer: ReturnType<typeof setTimeout> | undefined
  const helloTimer = setTimeout(() => end(ABNORMAL_CLOSE), options.helloTimeoutMs)

  const send = (frame: ClientFrame) => {
    if (!hasEnded && webSocket.readyState === webSocket.OPEN) webSocket.send(JSON.stringify(frame))
  }
  const close = () => {
    hasEnded = true
    clearTimeout(helloTimer)
    clearInterval(heartbeatTimer)
    clearTimeout(silenceTimer)
    probe?.stop()
    webSocket.close()
  }
  const end = (code: number, lostAtMs = Date.now()) => {
    if (hasEnded) return
    close()
    options.onEnd(code, lostAtMs)
  }
  const endAsLost = () => end(ABNORMAL_CLOSE, lastFrameAtMs)
  const endIfSilent = () => {
    if (!hasFrameSincePing) endAsLost()
  }
  const checkHeartbeat = (intervalMs: number) => {
    if (!hasFrameSincePing) {
      // After a suspension, this check may run before the frames that waited. They arrive during this short wait.
      clearTimeout(silenceTimer)
      silenceTimer = setTimeout(endIfSilent, intervalMs / 4)
      return
    }
    hasFrameSincePing = false
    send({ type: 'ping' })
  }
  const { silenceProbe: probeOptions } = options
  const probe = probeOptions && createSilenceProbe(probeOptions, () => send({ type: 'ping' }), endAsLost)
  webSocket.onmessage = ({ data }) => {
    if (hasEnded) return
    hasFrameSincePing = true
    lastFrameAtMs = Date.now()
    probe?.noteFrame()
    const frame = parseFrame(data)
    // If this frame were skipped, its change would never come, because later frames raise the room's `lastSeq`. So the
    // connection ends, and the next subscription brings the change.
    if (frame === undefined) return end(ABNORMAL_CLOSE)
    if (frame.type === 'hello') {
      clearTimeout(helloTimer)
      clearInterval(heartbeatTimer)
      heartbeatTimer = setInterval(checkHeartbeat, frame.heartbeat_interval_ms, frame.heartbeat_interval_ms)
      probe?.start()
    }
    options.onFrame(frame)
  }
  webSocket.onerror = () => {} // The browser calls onclose next.
  webSocket.onclose = ({ code }) => end(code)
  return { send, close }
}

/** Calls `ping` after about `pingAfterMs` without a frame, and `onLost` after about twice that time. */
function createSilenceProbe({ pingAfterMs, isEnabled }: ProbeOptions, ping: () => void, onLost: () => void) {
  /**
   * Counts ticks of the probe, not milliseconds. A suspended page gets no ticks. When it continues, a tick may come
   * before the frames that waited, so a check by milliseconds would end a connection that works.
   */
  let silentTicks = 0
  let timer: ReturnType<typeof setInterval> | undefined
  const check = () => {
    silentTicks = isEnabled() ? silentTicks + 1 : 0
    if (silentTicks === TICKS_PER_PROBE) ping()
    if (silentTicks > 2 * TICKS_PER_PROBE) onLost()
  }
  return {
    start() {
      clearInterval(timer)
      timer = setInterval(check, pingAfterMs / TICKS_PER_PROBE)
    },
    noteFrame() {
      silentTicks = 0
    },
    stop: () => clearInterval(timer),
  }
}

/** The server closes with 4401 if the sign-in or only its access token has ended; a refresh shows which of them. */
export const isUnauthorizedClose = (code: number): boolean => code === CLOSE_CODES.unauthenticated

export function toSocketUrl(baseUrl: string, ticket: string): string {
  const url = new URL(`${baseUrl}/ws`)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.searchParams.set('ticket', ticket)
  return url.href
}

/** Returns undefined if the data is not JSON, or neither an object nor an array. The fields are not checked. */
function parseFrame(data: unknown): ServerFrame | undefined {
  try {
    const frame: ServerFrame | null = JSON.parse(String(data))
    return typeof frame === 'object' && frame !== null ? frame : undefined
  } catch {
    return undefined
  }
}
