import { startFixture } from '@engineer-chat/proof'
import t, { test } from 'tap'
import { replaceApis, startLoad } from './load.ts'
import { caddy } from './reverse-proxies.ts'

t.setTimeout(240_000) // The test starts several processes, which takes long on a busy machine.

test('[DEPLOY5] behind Caddy with deploy/Caddyfile, no request fails while API nodes are replaced under load', {
  skip: caddy.program === undefined && 'Caddy is not installed',
  timeout: 230_000,
}, async (t) => {
  // The drain lasts longer than two health checks of the proxy, as in docker-compose.yml.
  const env = { TRUSTED_PROXIES: '127.0.0.1', SHUTDOWN_DRAIN_MS: '2500' }
  const fixture = await startFixture({ apis: 2, workers: 1, env })
  t.teardown(() => fixture.stop())
  const proxyUrl = await caddy.start(
    t,
    fixture.product.apis.map(({ url }) => url),
  )
  t.equal((await fetch(`${proxyUrl}/metrics`)).status, 404, 'the proxy serves no metrics')
  const load = startLoad(proxyUrl, fixture)
  await load.waitForMoreAccepted(10)
  await replaceApis(fixture, load)
  await load.stop()
  t.same(load.failures, [], `none of ${load.accepted.length} failed`)
  t.same(await load.listUnanswered(), [])
})
