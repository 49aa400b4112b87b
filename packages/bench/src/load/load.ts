import { setTimeout as sleep } from 'node:timers/promises'
import { HttpConnection } from './http-connection.ts'

export interface Load {
  url: string
  /** Creates the bytes of the next request. */
  createRequest(): string
}

export interface LoadStats {
  count: number
  elapsedMs: number
  /** Holds the time of each request, from its first sent byte to its answer's last byte. */
  latenciesMs: number[]
}

const OPEN_LOOP_CONNECTIONS = 32
const MAX_CONCURRENT = 50

/** Keeps `inFlight` requests open until the time is over or all are sent. Each answer starts the next request. */
export async function runClosedLoop(
  { url, createRequest }: Load,
  inFlight: number,
  { durationMs, requests = Number.POSITIVE_INFINITY }: { durationMs: number; requests?: number },
): Promise<LoadStats> {
  const connections = await openConnections(url, inFlight)
  const latenciesMs: number[] = []
  const startedAtMs = performance.now()
  const endAtMs = startedAtMs + durationMs
  await Promise.all(
    connections.map(async (connection) => {
      let sentAtMs = performance.now()
      do {
        requireAccepted(await connection.send(createRequest()))
        const nowMs = performance.now()
        latenciesMs.push(nowMs - sentAtMs)
        sentAtMs = nowMs
      } while (sentAtMs < endAtMs && latenciesMs.length + inFlight <= requests)
    }),
  )
  const elapsedMs = performance.now() - startedAtMs
  for (const connection of connections) connection.close()
  return { count: latenciesMs.length, elapsedMs, latenciesMs }
}

/** Sends exactly `count` requests, up to 50 of them at a time. */
export async function sendAll(load: Load, count: number): Promise<void> {
  for (let sent = 0; sent < count; ) {
    const { count: newlySent } = await runClosedLoop(load, Math.min(MAX_CONCURRENT, count - sent), { durationMs: 0 })
    sent += newlySent
  }
}

/** Sends `rate` requests a second, even when answers are late. A request's time begins at its scheduled moment. */
export async function runOpenLoop({ url, createRequest }: Load, rate: number, durationMs: number): Promise<LoadStats> {
  const idle = await openConnections(url, OPEN_LOOP_CONNECTIONS)
  const connections = new Set(idle)
  const latenciesMs: number[] = []
  const pending: Promise<void>[] = []
  const send = async (scheduledAtMs: number) => {
    // The one that was idle for longest comes first, because the server closes those that are idle for long.
    const connection = idle.shift() ?? (await HttpConnection.open(url))
    connections.add(connection)
    requireAccepted(await connection.send(createRequest()))
    latenciesMs.push(performance.now() - scheduledAtMs)
    idle.push(connection)
  }
  const startedAtMs = performance.now()
  const getScheduledMs = (index: number) => startedAtMs + (index * 1_000) / rate
  for (let sent = 0, nowMs = startedAtMs; nowMs < startedAtMs + durationMs; nowMs = performance.now()) {
    for (; getScheduledMs(sent) <= nowMs; sent++) pending.push(send(getScheduledMs(sent)))
    await sleep(1)
  }
  await Promise.all(pending)
  const elapsedMs = performance.now() - startedAtMs
  for (const connection of connections) connection.close()
  return { count: latenciesMs.length, elapsedMs, latenciesMs }
}

const openConnections = (url: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => HttpConnection.open(url)))

function requireAccepted(status: number): void {
  if (status !== 200) throw new Error(`The load was answered with ${status}.`)
}
