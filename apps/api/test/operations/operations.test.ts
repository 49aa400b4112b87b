import { execFile } from 'node:child_process'
import { Agent, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { createMetrics } from '@engineer-chat/adapters/metrics'
import t from 'tap'
import { createHarness } from '../harness.ts'

t.test('[HTTP10] readyz requires that MySQL accepts writes, and reports it if Redis is down', async (t) => {
  const state = { mysql: true, redis: 'ready' as 'ready' | 'down' }
  const probeMysql = () => (state.mysql ? Promise.resolve() : Promise.reject(new Error('down')))
  const harness = await createHarness({ deps: { health: { probeMysql, getRedisStatus: () => state.redis } } })
  t.teardown(() => harness.close())
  const readReadiness = async () => {
    const response = await harness.app.inject('/readyz')
    return [response.statusCode, response.json().status]
  }
  t.same(await readReadiness(), [200, 'ok'])
  state.redis = 'down'
  t.same(await readReadiness(), [200, 'degraded'])
  state.mysql = false
  t.same(await readReadiness(), [503, 'unavailable'])
  t.equal((await harness.app.inject('/livez')).statusCode, 200)
})

t.test('[HEALTH2] readyz summarizes the health of the models, without their names and error codes', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const [last_success_at, last_failure_at] = ['2026-03-01T08:00:00.000Z', '2026-03-01T08:01:00.000Z']
  const calls = { last_success_at, last_failure_at, last_failure_code: 'llm_timeout' }
  await harness.stores.modelHealth.report('worker-1', [
    { model_id: 'big-secret', breaker: 'open', ...calls },
    { model_id: 'small', breaker: 'closed', ...calls, last_success_at: null },
  ])
  await harness.stores.modelHealth.report('worker-2', [{ model_id: 'small', breaker: 'open', ...calls }])

  const { statusCode, body } = await harness.app.inject('/readyz')

  t.equal(statusCode, 200)
  // `left_out` counts the models whose breaker is open in every worker. That of `small` is closed in one worker.
  t.same(JSON.parse(body).ai, { last_success_at, models: 2, left_out: 1 })
  t.notMatch(body, /big-secret|small|llm_timeout/)
})

t.test('[HEALTH2] a node that cannot read the health of the models is still ready', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  harness.stores.modelHealth.list = () => new Promise(() => {}) // This read never ends.
  const { statusCode, body } = await harness.app.inject('/readyz')
  t.same([statusCode, JSON.parse(body).ai], [200, null])
})

t.test('[HTTP11] metrics count requests by the pattern of the route', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice)
  await alice.call('GET', `/api/events/${event_id}`)
  await harness.app.inject('/nothing/here')
  const { body } = await harness.app.inject('/metrics')
  t.match(body, /api_response_duration_seconds_count\{[^}]*route="\/api\/events\/:event_id",status="200"/)
  t.match(body, /route="unmatched",status="404"/)
  t.match(body, 'process_cpu_user_seconds_total')
  t.notMatch(body, event_id)
})

t.test('[HTTP11] metrics that cannot be collected are a 500 that says nothing of the cause', async (t) => {
  const metrics = createMetrics('api')
  metrics.registry.metrics = () => Promise.reject(new Error('the connection to 10.0.0.1 is gone'))
  const harness = await createHarness({ deps: { metrics } })
  t.teardown(() => harness.close())
  const { statusCode, headers, body } = await harness.app.inject('/metrics')
  t.match({ statusCode, headers }, { statusCode: 500, headers: { 'content-type': /json/ } })
  t.notMatch(body, '10.0.0.1')
})

const SECURITY_HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
}

t.test('[HTTP12] every response has the security headers, and HSTS only over https', async (t) => {
  const harness = await createHarness({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
  t.teardown(() => harness.close())
  for (const url of ['/livez', '/nothing', '/api/auth/me', '/docs/']) {
    const { headers } = await harness.app.inject(url)
    t.match(headers['content-security-policy'], /default-src 'self'.*frame-ancestors 'none'/, url)
    t.notMatch(headers['content-security-policy'], /script-src[^;]*unsafe/, url)
    t.match(headers, SECURITY_HEADERS, url)
    t.equal(headers['strict-transport-security'], undefined)
  }
  const https = await harness.app.inject({ url: '/livez', headers: { 'x-forwarded-proto': 'https' } })
  t.match(https.headers['strict-transport-security'], /max-age=31536000/)
})

t.test(
  '[HTTP13] the documents are built from the schemas, are complete, and load nothing from other hosts',
  async (t) => {
    const harness = await createHarness()
    t.teardown(() => harness.close())
    for (const [url, version] of [
      ['/openapi.json', { openapi: '3.1.0' }],
      ['/asyncapi.json', { asyncapi: '3.0.0' }],
    ] as const) {
      const response = await harness.app.inject(url)
      const document = response.json()
      t.match(document, version)
      for (const [, pointer = ''] of response.body.matchAll(/"\$ref":"#([^"]+)"/g)) {
        let target = document
        for (const name of pointer.split('/').slice(1)) target = target?.[name]
        t.ok(target, `${url} ${pointer}`)
      }
      t.notMatch(response.body, /"\$id"/)
    }
    const page = await harness.app.inject('/docs/')
    t.match(page.body, '/openapi.json')
    t.notMatch(page.body, /(src|href)="https?:/)
    t.equal((await harness.app.inject('/docs/js/scalar.js')).statusCode, 200)
  },
)

t.test('[HTTP13] the generated documents under docs/ are up to date', async (t) => {
  const script = new URL('../../bin/docs.ts', import.meta.url).pathname
  const { stderr } = await promisify(execFile)(process.execPath, [script, '--check'])
  t.equal(stderr, '')
})

t.test(
  '[HTTP14] a closing node loses no request: readyz responds with 503, and accepted requests are answered',
  async (t) => {
    const harness = await createHarness({ env: { SHUTDOWN_DRAIN_MS: '300' } })
    await harness.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = harness.app.server.address() as AddressInfo
    const agent = new Agent({ keepAlive: true })
    t.teardown(() => agent.destroy())
    const sendRequest = (path: string) => {
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
      get({ port, path, agent }, (response) => response.resume().on('end', () => resolve(response))).on('error', reject)
      return promise
    }
    /** Sends requests until the server refuses one or asks the client to close the connection. */
    const sendUntilClosed = async (): Promise<unknown> => {
      for (;;) {
        const { statusCode, headers } = await sendRequest('/livez')
        if (statusCode !== 200 || headers.connection === 'close') return statusCode
      }
    }
    t.equal((await sendRequest('/readyz')).headers.connection, 'keep-alive')
    const clients = Array.from({ length: 30 }, sendUntilClosed)
    const closed = harness.app.close()
    const readyz = await sendRequest('/readyz')
    t.match([readyz.statusCode, readyz.headers.connection], [503, 'close'])
    t.same([...new Set(await Promise.all(clients))], [200], 'no request was refused')
    await closed
    await t.rejects(sendRequest('/livez'), { code: 'ECONNREFUSED' })
  },
)
