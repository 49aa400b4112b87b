import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'

export interface Collector {
  url: string
  raw: Buffer[]
  bodies: string[]
  headers: IncomingHttpHeaders[]
  /** Resolves once the nth request, from 1, has been read and, unless the collector hangs, answered. */
  waitForRequest(nth: number): Promise<void>
  accept(): void
  refuse(): void
  hang(): void
  answerAfter(ms: number): void
}

/** Starts a collector that ends with the test. A request that it holds is answered as soon as it accepts again. */
export async function startCollector(t: Test): Promise<Collector> {
  const [raw, bodies, headers]: [Buffer[], string[], IncomingHttpHeaders[]] = [[], [], []]
  const requests: Array<PromiseWithResolvers<void>> = []
  const request = (nth: number) => (requests[nth - 1] ??= Promise.withResolvers<void>())
  const held: ServerResponse[] = []
  let [status, delayMs, isHanging] = [200, 0, false]
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming)
    if (delayMs > 0) await sleep(delayMs)
    headers.push(incoming.headers)
    raw.push(body)
    const nth = bodies.push(body.toString())
    if (isHanging) {
      held.push(response)
      return request(nth).resolve()
    }
    response.on('close', () => request(nth).resolve())
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    raw,
    bodies,
    headers,
    waitForRequest: (nth) => request(nth).promise,
    accept() {
      ;[status, isHanging] = [200, false]
      for (const response of held.splice(0)) response.writeHead(200).end()
    },
    refuse() {
      status = 503
    },
    hang() {
      isHanging = true
    },
    answerAfter(ms) {
      delayMs = ms
    },
  }
}
