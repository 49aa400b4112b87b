import { randomBytes } from 'node:crypto'
import { openQueueInspector } from '@engineer-chat/adapters/bullmq'
import { parseRedisAddress } from '@engineer-chat/adapters/environment'
import { createRedisConnector } from '@engineer-chat/adapters/redis'
import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { Catalogue } from '@engineer-chat/chat/models'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import t, { type Test } from 'tap'
import { createCaller, createHarness, type Harness, SECRET, type TestCaller } from '../harness.ts'
import { checkProblem } from '../problems.ts'

const redisUrl = getTestServers().redisUrl
const silentLog = { info: () => {}, warn: () => {}, error: () => {} }

const DEAD_LETTERS_URL = '/admin/queues/api/queues/failed-replies'

/** Contains a model whose calls use tokens, unlike the calls of the offline analyst. */
const PAID_CATALOGUE = {
  default: 'm',
  models: [
    {
      id: 'm',
      provider: 'openai-compatible',
      context_window: null,
      max_tokens: null,
      prices: null,
      choose_for: [],
      fallbacks: [],
    },
  ],
} satisfies Catalogue

async function startWithBoard(t: Test, budgets: BudgetLimits = {}, env: Record<string, string> = {}) {
  const { queue, close: closeQueue } = openQueueInspector({
    connector: createRedisConnector(parseRedisAddress(redisUrl)),
    namespace: `test-${randomBytes(4).toString('hex')}`,
    log: silentLog,
  })
  await queue.waitUntilReady()
  const stores = createMemoryStores({ budgets })
  const harness = await createHarness({ env, stores, deps: { boardQueue: queue, models: PAID_CATALOGUE } })
  t.teardown(async () => {
    await harness.close()
    await closeQueue()
  })
  return { harness, queue, stores }
}

t.test('[HTTP15] admins open the queue board with a token, or with a cookie that opens nothing else', async (t) => {
  const { harness, queue } = await startWithBoard(t)
  const [admin, alice] = [await harness.signUp('root', 'admin'), await harness.signUp('alice')]
  for (const page of ['/admin/queues', '/admin/queues/api/queues', '/admin/queues/static/js/none.js']) {
    checkProblem(t, await harness.app.inject(page), 401, 'unauthorized', page)
    checkProblem(t, await alice.call('GET', page), 403, 'forbidden', page)
  }
  checkProblem(t, await alice.call('POST', '/admin/queues/session'), 403, 'forbidden')
  const page = await admin.call('GET', '/admin/queues')
  t.equal(page.statusCode, 200)
  t.notMatch(page.headers['content-security-policy'], /https:|script-src[^;]*unsafe/)
  t.match((await admin.call('GET', '/admin/queues/api/queues')).json(), {
    queues: [{ name: 'ai-reply', readOnlyMode: true }, { name: 'failed-replies' }],
  })

  const opened = await admin.call('POST', '/admin/queues/session')
  t.equal(opened.statusCode, 204)
  const [cookie] = opened.cookies
  t.match(cookie, { path: '/admin/queues', httpOnly: true, sameSite: 'Strict' })
  const cookies = { [cookie?.name ?? '']: cookie?.value ?? '' }
  t.equal((await harness.app.inject({ url: '/admin/queues/api/queues', cookies })).statusCode, 200)
  checkProblem(
    t,
    await harness.app.inject({ url: '/api/users', cookies }),
    401,
    'unauthorized',
    'the cookie opens no other route',
  )
  const pause = await harness.app.inject({ method: 'PUT', url: '/admin/queues/api/queues/ai-reply/pause', cookies })
  t.not(pause.statusCode, 200, 'the cookie allows no change')
  t.equal(await queue.isPaused(), false)

  await admin.call('POST', '/api/auth/logout')
  checkProblem(
    t,
    await harness.app.inject({ url: '/admin/queues', cookies }),
    401,
    'unauthorized',
    'the cookie ended with the sign-in',
  )
})

/** Signs the admin in to the board and returns the cookie. */
async function signInToBoard(admin: TestCaller) {
  const [cookie] = (await admin.call('POST', '/admin/queues/session')).cookies
  if (!cookie) throw new Error('There is no cookie.')
  return cookie
}

const readClaims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

t.test('[HTTP15] the cookie is not accepted as an access token, nor an access token as the cookie', async (t) => {
  const { harness } = await startWithBoard(t)
  const admin = await harness.signUp('root', 'admin')
  const { name, value } = await signInToBoard(admin)
  t.equal(readClaims(value).aud, 'engineer-chat-queue-board')
  const authorization = `Bearer ${value}`
  for (const url of ['/api/users', '/api/auth/me', '/admin/queues/api/queues']) {
    checkProblem(t, await harness.app.inject({ url, headers: { authorization } }), 401, 'unauthorized', url)
  }
  const repeatedRequest = { method: 'POST', url: '/admin/queues/session', headers: { authorization } } as const
  checkProblem(
    t,
    await harness.app.inject(repeatedRequest),
    401,
    'unauthorized',
    'a cookie cannot be exchanged for another one',
  )
  const cookies = { [name]: admin.token }
  checkProblem(
    t,
    await harness.app.inject({ url: '/admin/queues', cookies }),
    401,
    'unauthorized',
    'an access token is not valid as a cookie',
  )
})

t.test('[HTTP15] the cookie ends with the token that it was exchanged for', async (t) => {
  const { harness } = await startWithBoard(t)
  const { user_id, token } = await harness.signUp('root', 'admin')
  const { sub, sid } = readClaims(token)
  const callerWithShortToken = createCaller(
    harness.app,
    user_id,
    harness.app.jwt.sign({ sub, sid }, { expiresIn: 100 }),
  )
  const { value, maxAge = 0 } = await signInToBoard(callerWithShortToken)
  t.equal(readClaims(value).exp, readClaims(callerWithShortToken.token).exp)
  t.ok(maxAge <= 100 && maxAge >= 98, `${maxAge}`)
})

t.test('[HTTP15] a cookie signed with the previous key is valid while the key is changed', async (t) => {
  const { harness } = await startWithBoard(t)
  const { name, value } = await signInToBoard(await harness.signUp('root', 'admin'))
  const env = { JWT_SECRET_KEY: `${SECRET}-new`, JWT_PREVIOUS_SECRET_KEYS: SECRET }
  const newKeyNode = await createHarness({ env, stores: harness.stores, deps: { boardQueue: harness.deps.boardQueue } })
  t.teardown(() => newKeyNode.close())
  t.equal((await newKeyNode.app.inject({ url: '/admin/queues', cookies: { [name]: value } })).statusCode, 200)
})

t.test('[GUARD4] bad tokens and cookies sent to the board count together with those of other routes', async (t) => {
  const { harness } = await startWithBoard(t, {}, { RATE_LIMIT_ADDRESS_PER_MINUTE: '4' })
  const admin = await harness.signUp('root', 'admin') // This login is the first request that counts.
  const { name } = await signInToBoard(admin)
  const requestWithBadCookie = () =>
    harness.app.inject({ url: '/admin/queues/api/queues', cookies: { [name]: 'garbage' } })
  checkProblem(t, await requestWithBadCookie(), 401, 'unauthorized')
  checkProblem(t, await harness.app.inject('/api/users'), 401, 'unauthorized')
  checkProblem(t, await harness.app.inject('/admin/queues/static/none.js'), 401, 'unauthorized')
  const refused = await requestWithBadCookie()
  checkProblem(t, refused, 429, 'rate_limited')
  t.ok(Number(refused.headers['retry-after']) > 0)
  t.equal((await admin.call('GET', '/admin/queues')).statusCode, 200, 'requests with a valid token still succeed')
})

t.test('[AUDIT5] an admin’s sign-in to the board adds one audit entry, and so does each read by token', async (t) => {
  const { harness } = await startWithBoard(t)
  const admin = await harness.signUp('root', 'admin')
  const { name, value } = await signInToBoard(admin)
  const url = '/admin/queues/api/queues'
  for (let reads = 0; reads < 2; reads += 1) await harness.app.inject({ url, cookies: { [name]: value } })
  for (const method of ['GET', 'HEAD'] as const) t.equal((await admin.call(method, url)).statusCode, 200)
  await admin.call('GET', '/admin/queues')
  const { items } = await harness.stores.audit.list({ limit: 9, action: 'admin_view' })
  t.same(
    items.map(({ object_type, detail }) => [object_type, detail]),
    [
      ['queue', url],
      ['queue', url],
      ['queue', '/admin/queues'],
    ],
    'the newest first: GET and HEAD by token, then the sign-in; reads by cookie and the page itself add none',
  )
  harness.stores.audit.write = async () => {
    throw new Error('the disk is full')
  }
  checkProblem(
    t,
    await admin.call('GET', url),
    500,
    'internal',
    'nothing is shown if the audit entry cannot be written',
  )
  t.match(harness.log.at(-1), { level: 'error', event: 'EngineerChat.request_failed' })
})

t.test('[HTTP15] reading an unknown queue or reply never fails with 500; retrying one gets 404', async (t) => {
  const { harness } = await startWithBoard(t)
  const admin = await harness.signUp('root', 'admin')
  const api = '/admin/queues/api'
  for (const path of [
    'queues/none',
    'queues/none/1',
    'queues/none/metrics',
    'queues/%E0%A4%A',
    'queues/ai-reply/none',
    'queues/ai-reply/0',
    'queues/ai-reply/a%3Ab',
    'queues/ai-reply/none/logs',
    'queues/ai-reply/none/flow',
    'queues/failed-replies/none',
    'queues/failed-replies/none/logs',
    'queues/failed-replies/none/flow',
    ...['queues/__proto__/1', 'queues/constructor', `queues/${'x'.repeat(300)}`, 'queues/a%00b/c%00d'],
    'queues?activeQueue=none',
    'queues?activeQueue=%25E0',
    'queues?activeQueue=ai-reply&activeQueue=b',
    'queues?activeQueue=failed-replies&status=none&page=-1&jobsPerPage=-1',
    'queues?activeQueue=ai-reply&status=none',
    'queues?activeQueue=ai-reply&page=x&jobsPerPage=1e99',
    'job-schedulers?queueName=%25E0',
    'job-schedulers?queueName=none',
    'redis/none',
  ]) {
    const { statusCode, body } = await admin.call('GET', `${api}/${path}`)
    t.ok([200, 400, 404].includes(statusCode), `${path}: ${statusCode} ${body.slice(0, 200)}`)
  }
  for (const id of ['none', 'constructor', '0']) {
    checkProblem(t, await admin.call('PUT', `${DEAD_LETTERS_URL}/${id}/retry`), 404, 'not_found', id)
  }
})

/** Creates a question of this asker whose reply ended as an error, and returns the id of the reply. */
async function createFailure({ stores }: Harness, asker: TestCaller, event_id: string): Promise<string> {
  const sent = await asker.call('POST', '/api/engineer-chat/send', { event_id, message: 'a private question' })
  const { message_id } = sent.json().ai_message
  const claim = await stores.replies.claim(message_id, 60_000)
  const content = { content: 'sorry', error: { code: 'llm_unreachable', retryable: true } } as const
  await stores.replies.finish({ message_id, attempt: claim?.row.attempt ?? 0 }, { type: 'error', content })
  return message_id
}

t.test('[OPS3] admins can retry failed replies on the board, and the audit records it', async (t) => {
  const { harness } = await startWithBoard(t)
  const [admin, alice, bob] = [
    await harness.signUp('root', 'admin'),
    await harness.signUp('alice'),
    await harness.signUp('bob'),
  ]
  const event_id = await harness.createEvent(alice)
  const [failedReply, bobsReply] = [
    await createFailure(harness, alice, event_id),
    await createFailure(harness, bob, event_id),
  ]

  const page = await admin.call('GET', '/admin/queues/api/queues?activeQueue=failed-replies&page=1&jobsPerPage=10')
  const [replyQueue, failedReplies] = page.json().queues
  t.match(replyQueue, { name: 'ai-reply', readOnlyMode: true })
  t.match(failedReplies, { name: 'failed-replies', counts: { failed: 2 }, allowRetries: true })
  // The newest failure comes first.
  t.match(failedReplies.jobs, [
    { id: bobsReply, failedReason: 'llm_unreachable', data: { event_id, user_id: bob.user_id } },
    { id: failedReply, attempts: 1 },
  ])
  for (const { processedOn, timestamp } of failedReplies.jobs)
    t.equal(processedOn, timestamp, 'the board shows the time of the question')
  t.notMatch(page.body, 'private question')
  t.match((await admin.call('GET', `${DEAD_LETTERS_URL}/${failedReply}`)).json(), {
    job: { id: failedReply },
    status: 'failed',
  })

  checkProblem(t, await alice.call('PUT', `${DEAD_LETTERS_URL}/${failedReply}/retry`), 403, 'forbidden')
  const foreignOrigin = { origin: 'https://evil.example' }
  checkProblem(
    t,
    await admin.call('PUT', `${DEAD_LETTERS_URL}/${failedReply}/retry`, undefined, foreignOrigin),
    403,
    'forbidden',
    'a page of another origin',
  )
  t.equal((await admin.call('PUT', `${DEAD_LETTERS_URL}/${failedReply}/retry`)).statusCode, 204)
  t.match(await harness.stores.messages.findOwnReply(alice.user_id, failedReply), {
    message: { message_type: 'thinking' },
  })
  const [newestRetry] = (await harness.stores.audit.list({ limit: 1, action: 'retry' })).items
  t.match(newestRetry, {
    actor: admin.user_id,
    address: '127.0.0.1',
    object_id: failedReply,
    event_id,
    detail: 'queue board',
  })
  const retriedAll = await admin.call('PUT', `${DEAD_LETTERS_URL}/retry/failed`)
  t.match(retriedAll.json(), { retried: 1, skipped: 0 }, 'only the reply of bob was left')
  t.match(await harness.stores.messages.findOwnReply(bob.user_id, bobsReply), { message: { message_type: 'thinking' } })
  t.equal(
    (await admin.call('PUT', `${DEAD_LETTERS_URL}/${failedReply}/retry`)).statusCode,
    404,
    'the reply is unfinished again, so it is not listed as failed',
  )
})

t.test('[OPS3] a retry on the board is refused if it is over the asker’s budget', async (t) => {
  const { harness, stores } = await startWithBoard(t, { user: { tokens: 1_000_000 } })
  const [admin, alice] = [await harness.signUp('root', 'admin'), await harness.signUp('alice')]
  const failedReply = await createFailure(harness, alice, await harness.createEvent(alice))
  for (const spend of stores.data.spend.values()) spend.tokens_spent = 999_999 // One token is left.
  const refused = await admin.call('PUT', `${DEAD_LETTERS_URL}/${failedReply}/retry`)
  t.equal(refused.statusCode, 409)
  t.match(refused.json(), { error: /budget/ })
  t.match(await harness.stores.messages.findOwnReply(alice.user_id, failedReply), {
    message: { message_type: 'error' },
  })
  t.same((await harness.stores.audit.list({ limit: 1, action: 'retry' })).items, [])
})

t.test('[OPS3] retries that are over a budget are counted, and do not prevent the other retries', async (t) => {
  const { harness, stores } = await startWithBoard(t, { user: { tokens: 1_000_000 } })
  const [admin, alice, bob] = [
    await harness.signUp('root', 'admin'),
    await harness.signUp('alice'),
    await harness.signUp('bob'),
  ]
  const event_id = await harness.createEvent(alice)
  const first = await createFailure(harness, bob, event_id)
  const overBudget = await createFailure(harness, alice, event_id)
  const last = await createFailure(harness, bob, event_id)
  for (const [key, spend] of stores.data.spend) if (key.includes(alice.user_id)) spend.tokens_spent = 999_999
  let [running, maxRunning] = [0, 0]
  const { retry } = stores.messages
  stores.messages.retry = async (...args) => {
    running += 1
    maxRunning = Math.max(maxRunning, running)
    try {
      return await retry.apply(stores.messages, args)
    } finally {
      running -= 1
    }
  }
  const refused = await admin.call('PUT', `${DEAD_LETTERS_URL}/retry/failed`)
  t.equal(refused.statusCode, 409)
  t.match(refused.json(), { error: /budget.* Asked again: 2; refused: 1\./ })
  t.equal(maxRunning, 1, 'the retries run one after the other')
  for (const [message_id, { user_id }, message_type] of [
    [first, bob, 'thinking'],
    [overBudget, alice, 'error'],
    [last, bob, 'thinking'],
  ] as const)
    t.match(await stores.messages.findOwnReply(user_id, message_id), { message: { message_type } })
  t.equal((await stores.audit.list({ limit: 9, action: 'retry' })).items.length, 2, 'a refused retry adds no entry')
})

t.test('[PIN6] a pinned failed reply cannot be retried on the board either', async (t) => {
  const { harness, stores } = await startWithBoard(t)
  const [admin, alice] = [await harness.signUp('root', 'admin'), await harness.signUp('alice')]
  const event_id = await harness.createEvent(alice)
  const failedReply = await createFailure(harness, alice, event_id)
  const { message } = (await stores.messages.findOwnReply(alice.user_id, failedReply)) ?? {}
  await alice.call('POST', `/api/engineer-chat/sessions/${message?.chat_session_id}/share`)
  t.equal((await alice.call('PUT', `/api/events/${event_id}/pins/${failedReply}`)).statusCode, 200)
  for (const path of [`${DEAD_LETTERS_URL}/${failedReply}/retry`, `${DEAD_LETTERS_URL}/retry/failed`]) {
    const refused = await admin.call('PUT', path)
    t.equal(refused.statusCode, 409)
    t.match(refused.json(), { error: /pinned/ })
  }
  t.match(await stores.deadLetters.find(failedReply), { message_id: failedReply })
})

t.test(
  '[OPS3] a limited number of failed replies is shown and retried at once; the next retry takes the following ones',
  async (t) => {
    const { harness } = await startWithBoard(t, {}, { QUEUE_BOARD_MAX_REPLIES: '2' })
    const [admin, alice] = [await harness.signUp('root', 'admin'), await harness.signUp('alice')]
    const event_id = await harness.createEvent(alice)
    const people = [alice, await harness.signUp('bob'), await harness.signUp('carol')]
    for (const caller of people) await createFailure(harness, caller, event_id)
    const page = await admin.call('GET', '/admin/queues/api/queues?activeQueue=failed-replies&page=1&jobsPerPage=10')
    const [, failedReplies] = page.json().queues
    t.match([failedReplies.counts.failed, failedReplies.jobs.length], [2, 2])
    const retryAll = async () => (await admin.call('PUT', `${DEAD_LETTERS_URL}/retry/failed`)).json().retried
    t.same([await retryAll(), await retryAll(), await retryAll()], [2, 1, 0])
  },
)

t.test('[HTTP15] the board shows no jobs while Redis is down or belongs to another installation', async (t) => {
  const { harness } = await startWithBoard(t)
  const admin = await harness.signUp('root', 'admin')
  harness.deps.health.getRedisStatus = () => 'down' // The status is the same for the Redis of another installation.
  checkProblem(t, await admin.call('GET', '/admin/queues/api/queues'), 503, 'unavailable')
  t.equal((await admin.call('HEAD', '/admin/queues/api/queues')).statusCode, 503)
  t.equal((await admin.call('GET', '/admin/queues')).statusCode, 200, 'the page itself is served')
})

t.test('[OPS3] the board allows no action except the retry of failed replies', async (t) => {
  const { harness } = await startWithBoard(t)
  const [admin, alice] = [await harness.signUp('root', 'admin'), await harness.signUp('alice')]
  const failedReply = await createFailure(harness, alice, await harness.createEvent(alice))
  for (const queue of ['ai-reply', 'failed-replies'])
    for (const [method, path] of [
      ['PUT', 'pause'],
      ['PUT', 'empty'],
      ['PUT', 'obliterate'],
      ['PUT', 'clean/failed'],
      ['PUT', `${failedReply}/clean`],
      ['PUT', `${failedReply}/promote`],
      ['PATCH', `${failedReply}/update-data`],
      ['POST', 'add'],
    ] as const)
      checkProblem(t, await admin.call(method, `/admin/queues/api/queues/${queue}/${path}`, {}), 403, 'forbidden', path)
  checkProblem(t, await admin.call('PUT', '/admin/queues/api/queues/ai-reply/retry/failed'), 403, 'forbidden')
  t.match(await harness.stores.deadLetters.find(failedReply), { message_id: failedReply })
})
