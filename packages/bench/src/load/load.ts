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
  /**
   * Holds the time of each request until its response's last byte: from its sending in a closed loop, and from its
   * scheduled moment in an open loop.
   */
  latenciesMs: number[]
}

export interface OpenLoopStats extends LoadStats {
  /** Holds the times of the requests that were scheduled within `warmUpMs`. `latenciesMs` does not have them. */
  warmUpLatenciesMs: number[]
}

/** An open loop begins with this number of connections. It opens more if all of them wait for a response. */
const OPEN_LOOP_CONNECTIONS = 32
/** `sendAll` sends this number of requests at the same time. */
const GROUP_SIZE = 50

/** Keeps `inFlight` requests open until the time is over or all are sent. Each response starts the next request. */
export async function runClosedLoop(
  { url, createRequest }: Load,
  inFlight: number,
  { durationMs, requests = Number.POSITIVE_INFINITY }: { durationMs: number; requests?: number },
): Promise<LoadStats> {
  const connections = await openConnections(url, inFlight)
  const latenciesMs: number[] = []
  const startedAtMs = performance.now()
  const endAtMs = startedAtMs + durationMs
  // `latenciesMs.length` requests have finished, and up to `inFlight − 1` are open on the other connections. With the
  // next request of this connection, there are at most `requests` in total.
  const mayStartAnother = () => latenciesMs.length + inFlight <= requests
  await Promise.all(
    connections.map(async (connection) => {
      let sentAtMs = performance.now()
      do {
        requireAccepted(await connection.send(createRequest()))
        const nowMs = performance.now()
        latenciesMs.push(nowMs - sentAtMs)
        sentAtMs = nowMs
      } while (sentAtMs < endAtMs && mayStartAnother())
    }),
  )
  const elapsedMs = performance.now() - startedAtMs
  for (const connection of connections) connection.close()
  return { count: latenciesMs.length, elapsedMs, latenciesMs }
}

/** Sends exactly `count` requests, in groups of at most GROUP_SIZE. */
export async function sendAll(load: Load, count: number): Promise<void> {
  for (let sent = 0; sent < count; ) {
    const groupSize = Math.min(GROUP_SIZE, count - sent)
    await runClosedLoop(load, groupSize, { durationMs: 0 }) // Within 0 ms, each connection sends one request.
    sent += groupSize
  }
}

/**
 * Sends requests at a constant rate, even when responses are late. A request's time begins at its scheduled moment. The
 * first request that is not accepted ends the load. `durationMs` includes `warmUpMs`.
 */
export async function runOpenLoop(
  { url, createRequest }: Load,
  requestsPerSecond: number,
  durationMs: number,
  warmUpMs = 0,
): Promise<OpenLoopStats> {
  const idleConnections = await openConnections(url, OPEN_LOOP_CONNECTIONS)
  const connections = new Set(idleConnections)
  const latenciesMs: number[] = []
  const warmUpLatenciesMs: number[] = []
  const pending: Promise<void>[] = []
  let failure: unknown
  const send = async (scheduledAtMs: number) => {
    // The connection with the longest idle time comes first, because the server closes idle connections.
    const connection = idleConnections.shift() ?? (await HttpConnection.open(url))
    connections.add(connection)
    requireAccepted(await connection.send(createRequest()))
    const isWarmUp = scheduledAtMs - startedAtMs < warmUpMs
    ;(isWarmUp ? warmUpLatenciesMs : latenciesMs).push(performance.now() - scheduledAtMs)
    idleConnections.push(connection)
  }
  const startedAtMs = performance.now()
  const getScheduledMs = (index: number) => startedAtMs + (index * 1_000) / requestsPerSecond
  const noteFailure = (cause: unknown) => {
    failure ??= cause
  }
  for (let sent = 0, nowMs = startedAtMs; nowMs < startedAtMs + durationMs; nowMs = performance.now()) {
    for (; getScheduledMs(sent) <= nowMs; sent++) pending.push(send(getScheduledMs(sent)).catch(noteFailure))
    await sleep(1)
    if (failure !== undefined) break
  }
  await Promise.all(pending)
  const elapsedMs = performance.now() - startedAtMs
  for (const connection of connections) connection.close()
  if (failure !== undefined) throw failure
  return { count: latenciesMs.length + warmUpLatenciesMs.length, elapsedMs, latenciesMs, warmUpLatenciesMs }
}

const openConnections = (url: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => HttpConnection.open(url)))

function requireAccepted(status: number): void {
  if (status !== 200) throw new Error(`A request of the load was answered with ${status}.`)
}
