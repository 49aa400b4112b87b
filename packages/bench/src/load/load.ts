import { setTimeout as sleep } from 'node:timers/promises'
import { HttpConnection } from './http-connection.ts'

export interface Load {
  url: string
  /** Returns the bytes of the next request. */
  request(): string
}

export interface LoadStats {
  count: number
  elapsed_ms: number
  /** Holds the time of each request, from its first sent byte to its answer's last byte. */
  latencies_ms: number[]
}

/** Keeps `inFlight` requests open until the time is over or all are sent. Each answer starts the next request. */
export async function runClosedLoop(
  { url, request }: Load,
  inFlight: number,
  { duration_ms, requests = Number.POSITIVE_INFINITY }: { duration_ms: number; requests?: number },
): Promise<LoadStats> {
  const connections = await openAll(url, inFlight)
  const latencies_ms: number[] = []
  const begin = performance.now()
  const end = begin + duration_ms
  await Promise.all(
    connections.map(async (connection) => {
      let at = performance.now()
      do {
        requireAccepted(await connection.send(request()))
        const now = performance.now()
        latencies_ms.push(now - at)
        at = now
      } while (at < end && latencies_ms.length + inFlight <= requests)
    }),
  )
  const elapsed_ms = performance.now() - begin
  for (const connection of connections) connection.close()
  return { count: latencies_ms.length, elapsed_ms, latencies_ms }
}

/** Sends `rate` requests a second, however late the answers are. A request's time begins at its scheduled moment. */
export async function runOpenLoop({ url, request }: Load, rate: number, duration_ms: number): Promise<LoadStats> {
  const idle = await openAll(url, 32)
  const all = new Set(idle)
  const latencies_ms: number[] = []
  const sending: Promise<void>[] = []
  const send = async (due: number) => {
    const connection = idle.pop() ?? (await HttpConnection.open(url))
    all.add(connection)
    requireAccepted(await connection.send(request()))
    latencies_ms.push(performance.now() - due)
    idle.push(connection)
  }
  const begin = performance.now()
  for (let sent = 0, now = begin; now < begin + duration_ms; now = performance.now()) {
    for (; begin + (sent * 1_000) / rate <= now; sent++) sending.push(send(begin + (sent * 1_000) / rate))
    await sleep(1)
  }
  await Promise.all(sending)
  const elapsed_ms = performance.now() - begin
  for (const connection of all) connection.close()
  return { count: latencies_ms.length, elapsed_ms, latencies_ms }
}

const openAll = (url: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => HttpConnection.open(url)))

function requireAccepted(status: number): void {
  if (status !== 200) throw new Error(`The load was answered with ${status}.`)
}
