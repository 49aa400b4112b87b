import { randomBytes } from 'node:crypto'
import { replyBoard } from '@engineer-chat/adapters/bullmq'
import { testServers } from '@engineer-chat/local-stack/testing'
import t from 'tap'
import { harness } from './harness.ts'
import { isProblem } from './problems.ts'

const url = testServers().redisUrl
const quiet = { info: () => {}, warn: () => {}, error: () => {} }

t.test('[HTTP15] the queue board is for admins, by token or by a cookie that opens nothing else', async (t) => {
  const board = replyBoard({ url, namespace: `test-${randomBytes(4).toString('hex')}`, log: quiet })
  await board.queue.waitUntilReady()
  const h = await harness({ deps: { board: board.queue } })
  t.teardown(async () => {
    await h.close()
    await board.close()
  })
  const [admin, alice] = [await h.person('root', 'admin'), await h.person('alice')]
  for (const page of ['/admin/queues', '/admin/queues/api/queues', '/admin/queues/static/js/none.js']) {
    isProblem(t, await h.app.inject(page), 401, 'unauthorized', page)
    isProblem(t, await alice.call('GET', page), 403, 'forbidden', page)
  }
  isProblem(t, await alice.call('POST', '/admin/queues/session'), 403, 'forbidden')
  const page = await admin.call('GET', '/admin/queues')
  t.equal(page.statusCode, 200)
  t.notMatch(page.headers['content-security-policy'], /https:|script-src[^;]*unsafe/)
  t.match((await admin.call('GET', '/admin/queues/api/queues')).json(), {
    queues: [{ name: 'ai-reply', readOnlyMode: true }],
  })

  const opened = await admin.call('POST', '/admin/queues/session')
  t.equal(opened.statusCode, 204)
  const [cookie] = opened.cookies
  t.match(cookie, { path: '/admin/queues', httpOnly: true, sameSite: 'Strict', maxAge: 900 })
  const cookies = { [cookie?.name ?? '']: cookie?.value ?? '' }
  t.equal((await h.app.inject({ url: '/admin/queues/api/queues', cookies })).statusCode, 200)
  isProblem(t, await h.app.inject({ url: '/api/users', cookies }), 401, 'unauthorized', 'it opens nothing else')
  const pause = await h.app.inject({ method: 'PUT', url: '/admin/queues/api/queues/ai-reply/pause', cookies })
  t.not(pause.statusCode, 200, 'it changes nothing')
  t.equal(await board.queue.isPaused(), false)

  await admin.call('POST', '/api/auth/logout')
  isProblem(t, await h.app.inject({ url: '/admin/queues', cookies }), 401, 'unauthorized', 'ended with the sign-in')
})
