import type { Message } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { createHarness } from '../harness.ts'
import { checkProblem } from '../problems.ts'

async function setUp(t: Test, env: Record<string, string> = {}) {
  const harness = await createHarness({ env: { RATE_LIMIT_REQUESTS_PER_MINUTE: '20000', ...env } })
  t.teardown(() => harness.close())
  const [alice, bob, captain] = [
    await harness.signUp('alice'),
    await harness.signUp('bob'),
    await harness.signUp('captain', 'agent'),
  ]
  const event_id = await harness.createEvent(alice)
  const postMessage = (message: string) => bob.call('POST', `/api/events/${event_id}/messages`, { message })
  const search = async (query: string, caller = bob) =>
    (await caller.call('GET', `/api/events/${event_id}/search?${query}`)).json()
  const searchTexts = async (query: string, caller = bob) =>
    (await search(query, caller)).messages.map((message: Message) => message.message_content.content)
  return { harness, alice, bob, captain, event_id, postMessage, search, searchTexts }
}

t.test(
  '[SEARCH1] a search ignores case and defanging, lists the newest first, and finds no private chats of other users',
  async (t) => {
    const { harness, alice, bob, captain, event_id, postMessage, search, searchTexts } = await setUp(t)
    for (const text of ['Beacon to evil.example', '防火墙已隔离主机', 'nothing', 'hxxps://evil[.]example/a'])
      await postMessage(text)
    const agentFields = { message_type: 'llm_response', round_id: 1 }
    for (const [message_from, message_content] of [
      ['_captain', 'EVIL.example again'],
      ['_expert', 'no'],
    ]) {
      await captain.call('POST', `/api/events/${event_id}/messages`, { ...agentFields, message_from, message_content })
    }
    const allMatches = ['EVIL.example again', 'hxxps://evil[.]example/a', 'Beacon to evil.example']
    t.same(await searchTexts('q=evil.example'), allMatches)
    t.same(await searchTexts('q=evil%5B.%5Dexample'), allMatches)
    t.same(await searchTexts(`q=${encodeURIComponent(' 隔离 ')}`), ['防火墙已隔离主机'])
    t.same(await searchTexts('from=_captain'), ['EVIL.example again'])
    t.same(await searchTexts('from=_captain&q=no'), [])
    const page = await search('q=evil.example&limit=2')
    t.same(await searchTexts(`q=evil.example&before=${page.next_before}`), allMatches.slice(2))
    t.equal((await search('q=evil.example')).next_before, null, 'no older messages are left to search')

    await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'is evil.example ours?' })
    t.equal((await searchTexts('q=ours', alice)).length, 1)
    t.same([await searchTexts('q=ours'), await searchTexts('q=ours', captain)], [[], []])
    for (const query of ['', 'q=%20', 'from=somebody', `q=${'x'.repeat(201)}`]) {
      checkProblem(t, await bob.call('GET', `/api/events/${event_id}/search?${query}`), 400, 'validation_failed')
    }
    const restrictedEvent = await harness.createEvent(alice, { access: 'restricted' })
    checkProblem(t, await bob.call('GET', `/api/events/${restrictedEvent}/search?q=x`), 404, 'event_not_found')
  },
)

t.test('[SEARCH1] all fields of an agent’s message are searched, including nested fields and numbers', async (t) => {
  const { captain, event_id, searchTexts } = await setUp(t)
  const fields = {
    command_line: 'cmd.exe /c del *.7z',
    status: 'done',
    process: { pid: 48_151, peers: ['evil[.]example'] },
  }
  const message_content = { content: 'plain', ...fields }
  const agentFields = { message_from: '_expert', message_type: 'llm_response', round_id: 1 }
  await captain.call('POST', `/api/events/${event_id}/messages`, { ...agentFields, message_content })
  for (const words of ['del *.7z', 'DONE', '48151', 'evil.example', 'plain']) {
    t.same(await searchTexts(`q=${encodeURIComponent(words)}`), ['plain'], words)
  }
  t.same(await searchTexts('q=nowhere'), [])
})

t.test(
  '[SEARCH2] one search reads a limited number of messages, and the next search continues with older ones',
  async (t) => {
    const { harness, bob, event_id, postMessage, search } = await setUp(t, { SEARCH_MAX_MESSAGES: '700' })
    await postMessage('the needle')
    const { user_id } = bob
    const post = (message_id: string) =>
      harness.stores.messages.post({
        message_id,
        event_id,
        user_id,
        category: 'room',
        message_from: user_id,
        message_type: 'chat',
        content: { content: 'hay' },
        round_id: null,
        audience: 'all',
      })
    for (let n = 0; n < 699; n += 1) await post(`m-${n}`)
    const searchNeedle = async (query = '') => {
      const { messages, next_before } = await search(`q=needle${query}`)
      return { positions: messages.map(({ position }: Message) => position), next_before }
    }
    t.same(await searchNeedle(), { positions: [1], next_before: null }, 'a search reads 700 messages')
    await post('one-more')
    t.same(await searchNeedle(), { positions: [], next_before: 2 }, 'the search ended at position 2')
    t.same(await searchNeedle('&before=2'), { positions: [1], next_before: null })
  },
)

t.test('[SEARCH2] the searches of a user are limited per minute', async (t) => {
  const { alice, bob, event_id } = await setUp(t, { RATE_LIMIT_SEARCHES_PER_MINUTE: '2' })
  const searchOnce = (caller = bob) => caller.call('GET', `/api/events/${event_id}/search?q=x`)
  for (let n = 0; n < 2; n += 1) t.equal((await searchOnce()).statusCode, 200)
  checkProblem(t, await searchOnce(), 429, 'rate_limited')
  t.equal((await searchOnce(alice)).statusCode, 200)
})
