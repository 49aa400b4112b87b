import { mock } from 'node:test'
import t from 'tap'
import type { Client } from '../src/index.ts'
import { createReauthentication } from '../src/socket/reauthenticate.ts'
import { alice } from './sample-data.ts'

const RETRY_MS = 5_000

t.test('[CLIENT12] a renewal that fails is tried again, unless the connection has been lost meanwhile', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  const refreshes: PromiseWithResolvers<never>[] = []
  const client = {
    token: { accessToken: 'token-1', expiresAtMs: 0, user: alice },
    onToken: () => () => {},
    refresh: () => {
      const refresh = Promise.withResolvers<never>()
      refreshes.push(refresh)
      return refresh.promise
    },
  } as unknown as Client
  const failRefresh = async () => {
    const refresh = refreshes.at(-1)
    refresh?.reject(new Error('The server is down.'))
    await refresh?.promise.catch(() => {})
  }
  const reauthentication = createReauthentication(client, () => {})
  t.teardown(() => reauthentication.end())

  reauthentication.schedule()
  mock.timers.tick(1)
  await failRefresh()
  mock.timers.tick(RETRY_MS)
  t.equal(refreshes.length, 2)

  reauthentication.pause()
  await failRefresh()
  mock.timers.tick(RETRY_MS)
  t.equal(refreshes.length, 2)
})
