import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { Metrics } from '@engineer-chat/adapters/metrics'
import type { AiHealth } from '@engineer-chat/protocol'

export interface HealthServerOptions {
  /** Gives the port to listen on. With 0 no server is started. */
  port: number
  host: string
  registry: Metrics['registry']
  /** Rejects if MySQL does not accept a write in time. */
  probeMysql(): Promise<void>
  getRedisStatus(): 'ready' | 'down'
  /** Sums up the health of this worker's models. */
  getAiHealth(): AiHealth
}

/** Serves `/livez`, `/readyz` and `/metrics`, and nothing else. */
export async function serveHealthAndMetrics(options: HealthServerOptions) {
  let isClosing = false
  const routes: Record<string, (response: ServerResponse) => Promise<void>> = {
    '/livez': async (response) => sendJson(response, 200, { status: 'ok' }),
    '/readyz': async (response) => {
      const readiness = await checkReadiness(options, isClosing)
      sendJson(response, ['ok', 'degraded'].includes(readiness.status) ? 200 : 503, readiness)
    },
    '/metrics': async (response) => {
      const text = await options.registry.metrics()
      response.writeHead(200, { 'content-type': options.registry.contentType })
      response.end(text)
    },
  }
  const server = createServer((request, response) => {
    const route = routes[request.url?.split('?')[0] ?? '']
    if (!route) return sendJson(response, 404, { status: 'not_found' })
    route(response).catch(() => sendJson(response, 500, { status: 'internal' }))
  })
  if (options.port !== 0) {
    server.listen(options.port, options.host)
    await once(server, 'listening')
  }
  return {
    getPort: () => {
      const address = server.address()
      return typeof address === 'object' ? address?.port : undefined
    },
    /** Makes `/readyz` answer 503 with `closing` from now on. */
    startClosing: () => {
      isClosing = true
    },
    async close() {
      server.closeAllConnections()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}

async function checkReadiness({ probeMysql, getRedisStatus, getAiHealth }: HealthServerOptions, isClosing: boolean) {
  const mysql = await probeMysql().then(
    () => 'ready',
    () => 'down',
  )
  const dependencies = { mysql, redis: getRedisStatus(), ai: getAiHealth() }
  if (isClosing) return { status: 'closing', ...dependencies }
  if (mysql === 'down') return { status: 'unavailable', ...dependencies }
  return { status: dependencies.redis === 'ready' ? 'ok' : 'degraded', ...dependencies }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
