import { createMetrics } from '@engineer-chat/adapters/metrics'
import { findFreePort } from '@engineer-chat/local-stack'
import t, { type Test } from 'tap'
import { type HealthServerOptions, serveHealthAndMetrics } from '../src/health-server.ts'

const AI_JSON = '"ai":{"last_success_at":null,"models":2,"left_out":1}'

async function startHealthServer(t: Test, fields: Partial<HealthServerOptions> = {}) {
  const { registry } = createMetrics('worker')
  const ready: HealthServerOptions = {
    port: await findFreePort(),
    host: '127.0.0.1',
    registry,
    probeMysql: async () => {},
    getRedisStatus: () => 'ready',
    getAiHealth: () => ({ last_success_at: null, models: 2, left_out: 1 }),
  }
  const healthServer = await serveHealthAndMetrics({ ...ready, ...fields })
  t.teardown(() => healthServer.close())
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${healthServer.getPort()}${path}`)
    return { status: response.status, text: await response.text() }
  }
  return { healthServer, get }
}

t.test('[WORKER1] a worker serves its liveness, its readiness and its metrics', async (t) => {
  const { get } = await startHealthServer(t)
  t.strictSame(await get('/livez'), { status: 200, text: '{"status":"ok"}' })
  t.strictSame(await get('/readyz?x=1'), {
    status: 200,
    text: `{"status":"ok","mysql":"ready","redis":"ready",${AI_JSON}}`,
  })
  t.match(await get('/metrics'), { status: 200, text: /engineer_chat_ai_response_generation_duration_seconds/ })
  t.match(await get('/nothing'), { status: 404 })
})

t.test('[WORKER1] readiness is degraded without Redis, and 503 without MySQL or during the shutdown', async (t) => {
  const degraded = await startHealthServer(t, { getRedisStatus: () => 'down' })
  t.match(await degraded.get('/readyz'), { status: 200, text: /"degraded"/ })
  const withoutMysql = await startHealthServer(t, {
    probeMysql: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1')),
  })
  t.strictSame(await withoutMysql.get('/readyz'), {
    status: 503,
    text: `{"status":"unavailable","mysql":"down","redis":"ready",${AI_JSON}}`,
  })
  const closing = await startHealthServer(t)
  closing.healthServer.startClosing()
  t.match(await closing.get('/readyz'), { status: 503, text: /"closing"/ })
  t.match(await closing.get('/livez'), { status: 200 })
})

t.test('[WORKER1] with port 0 no server is started', async (t) => {
  const { healthServer } = await startHealthServer(t, { port: 0 })
  t.equal(healthServer.getPort(), undefined)
})

t.test('[WORKER1] metrics that cannot be collected are a 500, and the worker continues to run', async (t) => {
  const { registry } = createMetrics('worker')
  registry.metrics = () => Promise.reject(new Error('the connection to 10.0.0.1 is gone'))
  const { get } = await startHealthServer(t, { registry })
  t.strictSame(await get('/metrics'), { status: 500, text: '{"status":"internal"}' })
  t.match(await get('/livez'), { status: 200 })
})
