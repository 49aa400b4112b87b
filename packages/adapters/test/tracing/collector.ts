import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'

export interface Collector {
  url: string
  rawBodies: Buffer[]
  bodies: string[]
  headers: IncomingHttpHeaders[]
  /** Resolves when the request with this number, counted from 1, was read and, unless the collector hangs, answered. */
  waitForRequest(nth: number): Promise<void>
  accept(): void
  refuse(): void
  hang(): void
  answerAfter(ms: number): void
}

/**
 * Starts a collector that ends with the test. While it hangs it keeps requests, and answers them when it accepts again.
 */
export async function startCollector(t: Test): Promise<Collector> {
  const rawBodies: Buffer[] = []
  const bodies: string[] = []
  const headers: IncomingHttpHeaders[] = []
  const requests: Array<PromiseWithResolvers<void>> = []
  const getRequest = (nth: number) => (requests[nth - 1] ??= Promise.withResolvers<void>())
  const heldResponses: ServerResponse[] = []
  let status = 200
  let delayMs = 0
  let isHanging = false
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming)
    if (delayMs > 0) await sleep(delayMs)
    headers.push(incoming.headers)
    rawBodies.push(body)
    const nth = bodies.push(body.toString())
    if (isHanging) {
      heldResponses.push(response)
      return getRequest(nth).resolve()
    }
    response.on('close', () => getRequest(nth).resolve())
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
    rawBodies,
    bodies,
    headers,
    waitForRequest: (nth) => getRequest(nth).promise,
    accept() {
      status = 200
      isHanging = false
      for (const response of heldResponses.splice(0)) response.writeHead(200).end()
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
