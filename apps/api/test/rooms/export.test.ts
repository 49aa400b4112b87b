import { createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { createHarness } from '../harness.ts'
import { checkProblem } from '../problems.ts'

async function setUp(t: Test, env: Record<string, string> = {}) {
  const harness = await createHarness({ env: { RATE_LIMIT_EXPORTS_PER_MINUTE: '100', ...env } })
  t.teardown(() => harness.close())
  const [alice, bob] = [await harness.signUp('alice'), await harness.signUp('bob')]
  const [captain, admin] = [await harness.signUp('captain', 'agent'), await harness.signUp('root', 'admin')]
  const event_id = await harness.createEvent(alice, {
    event_name: '# A *phish*',
    context: '<img src=//evil.example/c>',
  })
  const postMessage = (message: string) => bob.call('POST', `/api/events/${event_id}/messages`, { message })
  const createUrl = (query: string) => `/api/events/${event_id}/export?${query}`
  return { harness, alice, bob, captain, admin, event_id, postMessage, createUrl }
}

const sha256 = (bytes: string) => createHash('sha256').update(bytes).digest('hex')

/** Returns the text without its last line, as `sed '$d' FILE` does. */
const cutLastLine = (text: string) => text.slice(0, text.trimEnd().lastIndexOf('\n') + 1)

t.test(
  '[EXPORT2] a JSON export is one JSON text; each line and the whole file can be verified by their hashes',
  async (t) => {
    const { alice, bob, event_id, postMessage, createUrl } = await setUp(t)
    for (const text of ['one', '第二\n"条"', 'three \u2028 \u007f 🙂']) await postMessage(text)
    const { messages } = (await bob.call('GET', `/api/events/${event_id}/messages`)).json()
    await alice.call('PUT', `/api/events/${event_id}/pins/${messages[1].message_id}`)
    const answer = await alice.call('GET', createUrl('format=json'))
    t.match(answer.headers, {
      'content-type': /^application\/json/,
      'content-disposition': `attachment; filename="${event_id}.json"`,
    })
    const file = answer.json()
    const storedMessages = (await bob.call('GET', `/api/events/${event_id}/messages`)).json().messages
    // Three posts and a pin have taken four sequence numbers.
    t.match(file.export, { format: 'engineer-chat.room/1', exported_by: 'u-alice', with_private: false, seq: 4 })
    t.same(file.export.pins, [storedMessages[1]])
    t.same(
      file.messages.map(({ message }: { message: object }) => message),
      storedMessages,
    )
    t.equal(file.count, 3)
    t.equal(file.sha256, sha256(cutLastLine(answer.body)))
    const lines = answer.body.split('\n').filter((line) => line.startsWith('{"sha256"'))
    for (const [index, line] of lines.entries()) {
      const [, hash = '', bytes = ''] = /^\{"sha256":"([0-9a-f]{64})","message":(.*)\},?$/s.exec(line) ?? []
      t.equal(sha256(bytes), hash)
      t.equal(file.messages[index].sha256, hash)
    }
    t.equal(lines.length, 3)
  },
)

t.test('[EXPORT2] a JSON export has ids instead of names, so it looks up no user', async (t) => {
  const { harness, alice, bob, event_id, postMessage, createUrl } = await setUp(t)
  const { message_id } = (await postMessage('one')).json()
  await alice.call('PUT', `/api/events/${event_id}/pins/${message_id}`)
  const { find } = harness.stores.users
  const foundIds: string[] = []
  harness.stores.users.find = async (user_id) => {
    foundIds.push(user_id)
    return find(user_id)
  }
  t.equal((await bob.call('GET', createUrl('format=json'))).json().count, 1)
  t.same(foundIds, [])
  t.match((await bob.call('GET', createUrl('format=markdown'))).body, /\*\*bob\*\*[^\n]+alice/)
  t.same(foundIds.toSorted(), ['u-alice', 'u-bob'], 'Markdown looks up each name once')
})

t.test('[EXPORT1] a Markdown export, in two languages, has only what its reader may read', async (t) => {
  const { alice, bob, captain, event_id, postMessage, createUrl } = await setUp(t)
  await postMessage('the host is isolated')
  const agentPost = {
    message_from: '_expert',
    message_type: 'llm_response',
    message_content: 'lateral movement',
    round_id: 1,
  }
  const summary = { round_id: 1, event_summary: 'Two hosts.', event_suggestion: 'Look at both.' }
  await captain.call('POST', `/api/events/${event_id}/messages`, agentPost)
  await captain.call('POST', `/api/events/${event_id}/summaries`, summary)
  const send = (message: string) => alice.call('POST', '/api/engineer-chat/send', { event_id, message })
  // The character U+202E shows the text after it in the opposite direction.
  await alice.call('POST', `/api/events/${event_id}/messages`, { message: 'invoice\u202efdp.exe' })
  const privateChat = (await send('my secret thought')).json()
  const read = async (caller: typeof alice, query: string) => (await caller.call('GET', createUrl(query))).body
  const english = await read(alice, 'format=markdown')
  t.match(english, /^# \\# A \\\*phish\\\*\n/)
  for (const part of [
    'Severity: High',
    'Two hosts.',
    'Look at both.',
    '#1 · ',
    'bob',
    '> the host is isolated',
    'expert (agent)',
    '> lateral movement',
    'Nothing is pinned',
    'no private chats',
    '> invoice⟨U+202E⟩fdp.exe',
  ]) {
    t.ok(english.includes(part), part)
  }
  t.notMatch(english, 'my secret thought')
  const json = await read(alice, 'format=json')
  t.match(json, 'invoice\\u202efdp.exe')
  t.match(JSON.stringify(JSON.parse(json)), 'invoice\u202efdp.exe')
  t.match(await read(alice, 'format=markdown&private=include'), /asks the AI · private\n\n> my secret thought/)
  for (const caller of [bob, captain]) {
    for (const format of ['json', 'markdown']) {
      const text = await read(caller, `format=${format}&private=include`)
      t.match(text, 'lateral movement')
      for (const secret of [
        'my secret thought',
        privateChat.session_id,
        privateChat.user_message.message_id,
        privateChat.ai_message.message_id,
      ]) {
        t.notMatch(text, secret)
      }
    }
  }
  await alice.call('POST', `/api/engineer-chat/sessions/${privateChat.session_id}/share`)
  t.match(await read(bob, 'format=json'), 'my secret thought')
  t.notMatch(await read(captain, 'format=json'), 'my secret thought', 'an agent sees no shared chat')
  t.notMatch(await read(captain, 'format=markdown'), '· bob', 'an agent sees no names')
  const chinese = await read(alice, 'format=markdown&language=zh')
  for (const part of [
    '严重程度: 高',
    '状态: 待处理',
    '上报内容',
    '智能体',
    '没有固定的消息',
    '此行以上所有字节的 SHA-256',
  ])
    t.ok(chinese.includes(part), part)
  t.equal(/: ([0-9a-f]{64})\n$/.exec(chinese)?.[1], sha256(cutLastLine(chinese)))
})

t.test('[EXPORT1] the excerpt of a pinned message ends with a whole character', async (t) => {
  const { alice, event_id, postMessage, createUrl } = await setUp(t)
  const { message_id } = (await postMessage(`${'x'.repeat(159)}🙂 and more`)).json()
  await alice.call('PUT', `/api/events/${event_id}/pins/${message_id}`)
  const markdown = (await alice.call('GET', createUrl('format=markdown'))).body
  t.match(markdown, `${'x'.repeat(159)}…\n`)
})

t.test('[EXPORT7] a Markdown export has the TLP label below its title, in both languages', async (t) => {
  const { alice, event_id, createUrl } = await setUp(t)
  const readLabelLines = async (query: string) =>
    (await alice.call('GET', createUrl(query))).body.split('\n').slice(1, 3)
  t.same(await readLabelLines('format=markdown'), ['', '**TLP:AMBER**'])
  await alice.call('PATCH', `/api/events/${event_id}`, { tlp: 'amber+strict' })
  t.same(await readLabelLines('format=markdown'), ['', '**TLP:AMBER+STRICT**'])
  t.same(await readLabelLines('format=markdown&language=zh'), ['', '**TLP:AMBER+STRICT**'])
})

t.test('[EXPORT4] the audit has the hash of the export, and markup in messages has no effect', async (t) => {
  const { alice, admin, event_id, postMessage, createUrl } = await setUp(t)
  await postMessage(
    '![x](https://evil.example/p.png) <img src=//evil.example> <script>x</script>\n# not a heading\ntitle\n===',
  )
  await postMessage('```\n<b>code</b>\n```')
  const markdown = (await alice.call('GET', createUrl('format=markdown'))).body
  t.notMatch(removeData(markdown), /<[a-z]|(?<!\\)!\[/, 'no tag and no image')
  t.match(markdown, '> <b>code</b>', 'code is exported unchanged')
  const headings = markdown.split('\n').filter((line) => /^ {0,3}(#|=|-{3})/.test(line))
  t.notOk(headings.some((line) => /not a heading|^=+$/.test(line)))
  const json = (await alice.call('GET', createUrl('format=json&private=include'))).json()
  const entries = (await admin.call('GET', `/api/admin/audit?action=export&event_id=${event_id}`)).json().items
  t.match(entries.reverse(), [
    { detail: 'markdown', actor: 'u-alice', object_type: 'event', object_id: event_id },
    { detail: `markdown sha256=${sha256(cutLastLine(markdown))}` },
    { detail: 'json private' },
    { detail: `json sha256=${json.sha256}` },
  ])
})

t.test('[EXPORT4] the audit does not say that an export by an agent has private chats', async (t) => {
  const { admin, captain, event_id, createUrl } = await setUp(t)
  const json = (await captain.call('GET', createUrl('format=json&private=include'))).json()
  t.equal(json.export.with_private, false)
  const { items } = (await admin.call('GET', `/api/admin/audit?action=export&event_id=${event_id}`)).json()
  t.match(items.reverse(), [{ detail: /^json$/ }, { detail: `json sha256=${json.sha256}` }])
})

/** Markup in these texts would have an effect if it were exported unchanged outside a code fence. */
const HOSTILE_TEXTS = [
  '```\r\na\r\n```\r\n<img src=//evil.example>\r\n```\n',
  '```\n\n```\n<img src=//evil.example>\n\nend',
  'a ` b\n`<img src=//evil.example>`',
  '[runbook]: https://evil.example/',
]

t.test(
  '[EXPORT4] markup in a message has no effect, neither in this message nor as a link definition for other ones',
  async (t) => {
    const { alice, captain, event_id, createUrl } = await setUp(t)
    for (const content of HOSTILE_TEXTS) {
      const message_content = { content, format: 'markdown' }
      const agentPost = { message_from: '_expert', message_type: 'llm_response', message_content, round_id: 1 }
      await captain.call('POST', `/api/events/${event_id}/messages`, agentPost)
    }
    const markdown = (await alice.call('GET', createUrl('format=markdown'))).body
    t.equal(markdown.split('\n## Messages')[1]?.match(/&lt;img/g)?.length, 3, 'three of the texts contain an image')
    t.notMatch(removeData(markdown), /<img|\]: /)
  },
)

t.test('[EXPORT6] data is exported unchanged, in a code fence that no line of the data closes', async (t) => {
  const { alice, captain, event_id, postMessage, createUrl } = await setUp(t)
  for (const text of HOSTILE_TEXTS) await postMessage(text)
  const message_content = { path: 'C:\\_x\\*.dll', nested: { a_b: '``` ```` `' } }
  const agentPost = { message_from: '_expert', message_type: 'command_result', message_content, round_id: 1 }
  await captain.call('POST', `/api/events/${event_id}/messages`, agentPost)
  const markdown = (await alice.call('GET', createUrl('format=markdown'))).body
  t.notMatch(removeData(markdown), /<img|\]: |\*\.dll/)
  t.match(markdown, '> `````text\n> path: C:\\_x\\*.dll\n> nested:\n>   a_b: ``` ```` `\n> `````\n')
  t.match(markdown, '> ```text\n> [runbook]: https://evil.example/\n> ```\n')
})

/** Removes the fenced data. Each fence ends at the first line that could close it. */
const removeData = (markdown: string) => markdown.replace(/> (`{3,})text\n[\s\S]*?\n> \1`*\n/g, '')

t.test('[PARTIAL2] a partial answer is exported below its error message, and no search finds it', async (t) => {
  const { harness, alice, event_id, createUrl } = await setUp(t)
  const { body } = await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'Why?' })
  const { message_id } = JSON.parse(body).ai_message
  const claim = await harness.stores.replies.claim(message_id, 60_000)
  const error = { code: 'llm_stream_cut', retryable: true } as const
  const content = { content: 'The answer broke off.', error, partial: 'Isolate\n# host 7' }
  await harness.stores.replies.finish({ message_id, attempt: claim?.row.attempt ?? 0 }, { type: 'error', content })
  const read = async (query: string) => (await alice.call('GET', createUrl(`${query}&private=include`))).body
  const label = 'This part had been written; it is no answer:'
  t.match(
    await read('format=markdown'),
    new RegExp(`> The answer broke off\\.\n\n[^\n]* ${label}\n\n> Isolate\n> # host 7\n`),
  )
  t.match(await read('format=markdown&language=zh'), '以下内容此前已写出，不构成回答')
  t.match(JSON.parse(await read('format=json')).messages.at(-1).message.message_content, content)
  t.notMatch(
    (await alice.call('GET', createUrl('format=markdown'))).body,
    'Isolate',
    'a private failure is exported only with private chats',
  )
  const found = await alice.call('GET', `/api/events/${event_id}/search?q=isolate`)
  t.same(found.json().messages, [])
})

t.test(
  '[EXPORT4] nothing is exported without an audit entry; if the entry with the hash cannot be stored, the file has no hash',
  async (t) => {
    const { harness, alice, postMessage, createUrl } = await setUp(t)
    await postMessage('one')
    const { write } = harness.stores.audit
    harness.stores.audit.write = async (entries) => {
      if (entries.some(({ detail }) => detail?.includes('sha256'))) throw new Error('the disk is full')
      return write(entries)
    }
    const interrupted = await alice.call('GET', createUrl('format=json')).catch((error: Error) => error)
    t.ok(
      interrupted instanceof Error || !/"sha256":"[0-9a-f]{64}"\}\n$/.test(interrupted.body),
      'the response ends without its last line',
    )
    harness.stores.audit.write = async () => {
      throw new Error('the disk is full')
    }
    checkProblem(t, await alice.call('GET', createUrl('format=json')), 500, 'internal')
  },
)

t.test(
  '[EXPORT3] a large room is exported in pages, as it was at the start; the export ends if its reader loses the right',
  async (t) => {
    const { harness, alice, bob, event_id, postMessage, createUrl } = await setUp(t, {
      RATE_LIMIT_REQUESTS_PER_MINUTE: '10000',
    })
    for (let n = 0; n < 1_100; n += 1) await postMessage(`number ${n}`)
    const { readPage } = harness.stores.timeline
    const limits: number[] = []
    let reads = 0
    harness.stores.timeline.readPage = async (...query) => {
      limits.push(query[2].limit)
      reads += 1
      if (reads === 2) await postMessage('came later')
      return readPage(...query)
    }
    const file = (await bob.call('GET', createUrl('format=json'))).json()
    t.equal(file.count, 1_100)
    t.notMatch(JSON.stringify(file.messages.at(-1)), 'came later')
    t.same(new Set(limits), new Set([500]), 'each page has at most 500 messages')

    harness.stores.timeline.readPage = async (...query) => {
      const rows = await readPage(...query)
      await alice.call('PATCH', `/api/events/${event_id}`, { access: 'restricted' })
      return rows
    }
    const interrupted = await bob.call('GET', createUrl('format=json')).catch((error: Error) => error)
    t.ok(
      interrupted instanceof Error || !interrupted.body.includes('number 1099'),
      'the response ends before the newest message',
    )
  },
)

t.test('[EXPORT3] a message that is posted and pinned after the start is not among the pins either', async (t) => {
  const { harness, alice, event_id, postMessage, createUrl } = await setUp(t)
  const pinNew = async (text: string) => {
    const { message_id } = (await postMessage(text)).json()
    await alice.call('PUT', `/api/events/${event_id}/pins/${message_id}`)
  }
  await pinNew('one')
  const { list } = harness.stores.pins
  harness.stores.pins.list = async (...query) => {
    await pinNew('came later')
    return list(...query)
  }
  const file = (await alice.call('GET', createUrl('format=json'))).json()
  t.match(file.export.pins, [{ message_content: { content: 'one' } }])
  t.equal(file.export.pins.length, 1)
  t.equal(file.count, 1)
})

t.test('[EXPORT5] a user may export a limited number of rooms per minute', async (t) => {
  const { alice, bob, createUrl } = await setUp(t, { RATE_LIMIT_EXPORTS_PER_MINUTE: '2' })
  for (let n = 0; n < 2; n += 1) t.equal((await alice.call('GET', createUrl('format=json'))).statusCode, 200)
  checkProblem(t, await alice.call('GET', createUrl('format=markdown')), 429, 'rate_limited')
  t.equal((await bob.call('GET', createUrl('format=json'))).statusCode, 200)
  checkProblem(t, await bob.call('GET', createUrl('format=pdf')), 400, 'validation_failed')
})
