import t, { type Test } from 'tap'
import { createClient } from '../src/index.ts'
import { startFakeServer } from './fake-server.ts'
import { alice, createProblem, createSignInResponder } from './sample-data.ts'

/**
 * Logs in, begins a call that needs a refresh, and logs in again while the refresh is running. The test then gives the
 * response of the refresh.
 */
async function logInDuringRefresh(t: Test, method: 'refresh' | 'getMe') {
  const signIn = createSignInResponder()
  const server = await startFakeServer((request) => {
    if (request.path !== '/api/auth/me') return signIn(request) ?? { status: 204 }
    return request.headers.authorization === 'Bearer token-2'
      ? { body: alice }
      : { status: 401, body: createProblem(401, 'unauthorized') }
  })
  t.teardown(() => server.close())
  const refreshRequested = Promise.withResolvers<void>()
  const refreshResponse = Promise.withResolvers<Response>()
  const client = createClient({
    baseUrl: server.baseUrl,
    fetch: (url, init) => {
      if (!`${url}`.endsWith('/api/auth/refresh')) return fetch(url, init)
      refreshRequested.resolve()
      return refreshResponse.promise
    },
  })
  let signOutCount = 0
  client.onSignedOut(() => {
    signOutCount += 1
  })
  await client.login('alice', 'a-password')
  const result = client[method]()
  await refreshRequested.promise
  await client.login('alice', 'a-password')
  return { client, result, refreshResponse, countSignOuts: () => signOutCount }
}

t.test('[CLIENT2] a refresh that is refused after the next login does not end the new sign-in', async (t) => {
  const { client, result, refreshResponse, countSignOuts } = await logInDuringRefresh(t, 'refresh')
  refreshResponse.resolve(Response.json(createProblem(401, 'unauthorized'), { status: 401 }))
  t.strictSame(await result, alice)
  t.equal(client.token?.accessToken, 'token-2')
  t.equal(countSignOuts(), 0)
})

t.test('[CLIENT2] a refresh that succeeds after the next login does not replace the new token', async (t) => {
  const { client, result, refreshResponse } = await logInDuringRefresh(t, 'refresh')
  const grant = { access_token: 'old-token', token_type: 'Bearer', expires_in: 900, user: alice }
  refreshResponse.resolve(Response.json(grant))
  t.strictSame(await result, alice)
  t.equal(client.token?.accessToken, 'token-2')
})

t.test('[CLIENT2] a request that waits for a refresh is sent with the token of a login that comes first', async (t) => {
  const { result, refreshResponse } = await logInDuringRefresh(t, 'getMe')
  refreshResponse.reject(new TypeError('fetch failed'))
  t.strictSame(await result, alice)
})

t.test('[CLIENT2] a login that is refused does not stop a running refresh', async (t) => {
  const signIn = createSignInResponder()
  let isRefused = false
  const server = await startFakeServer((request) =>
    isRefused && request.path === '/api/auth/login'
      ? { status: 401, body: createProblem(401, 'unauthorized') }
      : (signIn(request) ?? { status: 204 }),
  )
  t.teardown(() => server.close())
  const loginRefused = Promise.withResolvers<void>()
  const client = createClient({
    baseUrl: server.baseUrl,
    fetch: async (url, init) => {
      if (`${url}`.endsWith('/api/auth/refresh')) await loginRefused.promise
      return fetch(url, init)
    },
  })
  await client.login('alice', 'a-password')
  isRefused = true
  const refresh = client.refresh()
  await t.rejects(client.login('alice', 'wrong'), { code: 'unauthorized' })
  loginRefused.resolve()
  await refresh
  t.equal(client.token?.accessToken, 'token-2')
})

t.test('[CLIENT2] a logout whose response arrives after the next login does not end the new sign-in', async (t) => {
  const signIn = createSignInResponder()
  const server = await startFakeServer((request) => signIn(request) ?? { status: 204 })
  t.teardown(() => server.close())
  const logoutRequested = Promise.withResolvers<void>()
  const logoutResponse = Promise.withResolvers<Response>()
  const client = createClient({
    baseUrl: server.baseUrl,
    fetch: (url, init) => {
      if (!`${url}`.endsWith('/api/auth/logout')) return fetch(url, init)
      logoutRequested.resolve()
      return logoutResponse.promise
    },
  })
  await client.login('alice', 'a-password')
  const logout = client.logout()
  await logoutRequested.promise
  await client.login('alice', 'a-password')
  logoutResponse.resolve(new Response(null, { status: 204 }))
  await logout
  t.equal(client.token?.accessToken, 'token-2')
})

t.test('[CLIENT2] a login whose response breaks off does not stop a running refresh', async (t) => {
  const toGrant = (access_token: string) => ({ access_token, token_type: 'Bearer', expires_in: 900, user: alice })
  const brokenBody = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) })
  const loginResponses = [Response.json(toGrant('token-1')), new Response(brokenBody)]
  const refreshResponse = Promise.withResolvers<Response>()
  const client = createClient({
    baseUrl: 'http://client.example',
    fetch: async (url) =>
      `${url}`.endsWith('/api/auth/refresh') ? refreshResponse.promise : (loginResponses.shift() ?? Response.error()),
  })
  await client.login('alice', 'a-password')
  const refresh = client.refresh()
  await t.rejects(client.login('alice', 'a-password'), { name: 'ConnectionFailedError' })
  refreshResponse.resolve(Response.json(toGrant('token-2')))
  await refresh
  t.equal(client.token?.accessToken, 'token-2')
})
