import type { AnswerSource, Message, Tlp } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { createHarness, type TestCaller } from '../harness.ts'

async function setUp(t: Test) {
  const harness = await createHarness({ env: { RATE_LIMIT_EXPORTS_PER_MINUTE: '100' } })
  t.teardown(() => harness.close())
  const { replies } = harness.stores
  const [alice, bob] = [await harness.signUp('alice'), await harness.signUp('bob')]
  const event_id = await harness.createEvent(alice, { tlp: 'amber' })
  /** Asks a question of alice and resolves to the id of its reply. */
  const ask = async (visibility: 'private' | 'room') => {
    const question = { event_id, message: 'Whom do we call?', visibility }
    return (await alice.call('POST', '/api/engineer-chat/send', question)).json().ai_message.message_id as string
  }
  /** Ends a reply with an answer from documents with these labels. */
  const answer = async (message_id: string, ...labels: Tlp[]) => {
    const attempt = (await replies.claim(message_id, 60_000))?.row.attempt ?? 0
    const sources = labels.map((tlp): AnswerSource => ({ id: `doc-${tlp}`, kind: 'document', label: 'Runbook', tlp }))
    await replies.finish({ message_id, attempt }, { type: 'chat', content: { content: 'Call the insider.', sources } })
  }
  const post = (message: string, quoted_id?: string) =>
    alice.call('POST', `/api/events/${event_id}/messages`, {
      message,
      ...(quoted_id && { quote: { message_id: quoted_id, text: 'Call the insider.' } }),
    })
  const readExport = async (caller: TestCaller, query: string) =>
    (await caller.call('GET', `/api/events/${event_id}/export?${query}`)).body
  const readLabels = async (caller: TestCaller, query = '') => {
    const [, , label = ''] = (await readExport(caller, `format=markdown${query}`)).split('\n')
    const { tlp, event } = JSON.parse(await readExport(caller, `format=json${query}`)).export
    return [label, tlp, event.tlp]
  }
  return { harness, alice, bob, event_id, ask, answer, post, readExport, readLabels }
}

const listIds = (file: { messages: Array<{ message: Message }> }) =>
  file.messages.map(({ message }) => message.message_id)

t.test(
  '[EXPORT7] an export has the label of the strictest answer in it, and Markdown has it beside the answer',
  async (t) => {
    const { bob, ask, answer, readExport, readLabels } = await setUp(t)
    await answer(await ask('room'), 'green')
    t.same(await readLabels(bob), ['**TLP:AMBER**', 'amber', 'amber'])

    await answer(await ask('room'), 'green', 'red')

    t.same(await readLabels(bob), ['**TLP:RED**', 'red', 'amber'])
    const answerTitles = (await readExport(bob, 'format=markdown'))
      .split('\n')
      .filter((line) => line.includes('Assistant (AI)'))
    t.match(answerTitles, [/in the room$/, /in the room · \*\*TLP:RED\*\*$/])
    t.equal(answerTitles.length, 2)
  },
)

t.test('[EXPORT7] a private answer counts only in an export that has it', async (t) => {
  const { alice, bob, ask, answer, readLabels } = await setUp(t)
  await answer(await ask('private'), 'red')
  t.same(await readLabels(alice), ['**TLP:AMBER**', 'amber', 'amber'])
  t.same(await readLabels(bob, '&private=include'), ['**TLP:AMBER**', 'amber', 'amber'])
  t.same(await readLabels(alice, '&private=include'), ['**TLP:RED**', 'red', 'amber'])
})

t.test('[EXPORT7] the quote of an answer has the label of that answer, also after a retry', async (t) => {
  const { alice, bob, ask, answer, post, readExport, readLabels } = await setUp(t)
  const answered = await ask('room')
  await answer(answered, 'red')
  await post('See this.', answered)
  await alice.call('POST', `/api/engineer-chat/messages/${answered}/retry`)
  await answer(answered, 'green')

  t.same(await readLabels(bob), ['**TLP:RED**', 'red', 'amber'])
  const titles = (await readExport(bob, 'format=markdown')).split('\n').filter((line) => line.startsWith('#### '))
  t.same(
    titles.map((title) => title.includes('TLP:RED')),
    [false, false, true],
  )
})

t.test('[EXPORT7] a pin counts as it stands in the file, also if its answer is retried meanwhile', async (t) => {
  const { harness, alice, event_id, ask, answer, readExport } = await setUp(t)
  const answered = await ask('room')
  await answer(answered, 'red')
  const pinUrl = `/api/events/${event_id}/pins/${answered}`
  await alice.call('PUT', pinUrl)
  const { list } = harness.stores.pins
  harness.stores.pins.list = async (...query) => {
    const page = await list(...query)
    await alice.call('DELETE', pinUrl)
    await alice.call('POST', `/api/engineer-chat/messages/${answered}/retry`)
    return page
  }
  const file = JSON.parse(await readExport(alice, 'format=json'))
  t.match(file.export, { tlp: 'red', pins: [{ message_content: { content: 'Call the insider.' } }] })
  t.match(file.messages.at(-1), { message: { message_type: 'thinking' } })
})

t.test(
  '[EXPORT10] an answer that gets a stricter label than the file’s meanwhile is left out, and the file says so',
  async (t) => {
    for (const [format, language] of [['json'], ['markdown', 'en'], ['markdown', 'zh']]) {
      const { harness, bob, ask, answer, post, readExport } = await setUp(t)
      const [unfinished, other] = [await ask('room'), await ask('private')]
      await answer(other, 'green')
      await post('After.')
      const { readPage } = harness.stores.timeline
      harness.stores.timeline.readPage = async (...query) => {
        await answer(unfinished, 'red')
        return readPage(...query)
      }

      const text = await readExport(bob, `format=${format}&language=${language ?? 'en'}`)

      t.notMatch(text, 'insider')
      t.match(text, 'After.')
      if (format === 'json') {
        const file = JSON.parse(text)
        t.match(file, { export: { tlp: 'amber' }, count: 2, document_count: 0, messages_left_out: [unfinished] })
        t.equal(listIds(file).includes(unfinished), false)
        continue
      }
      t.match(text, '**TLP:AMBER**')
      const note =
        language === 'zh'
          ? '未包含内容：该消息的标签已严于本文件的标签。'
          : 'Left out: its label has become stricter than that of this file.'
      t.match(text, new RegExp(`\n#### #2 [^\n]*\n\n${note} · \`${unfinished}\`\n\n`))
    }
  },
)

t.test(
  '[EXPORT10] a chat that is shared meanwhile is left out if its quote has a stricter label than the file',
  async (t) => {
    const { harness, alice, bob, event_id, ask, answer, readExport } = await setUp(t)
    const answered = await ask('private')
    await answer(answered, 'red')
    const quote = { message_id: answered, text: 'Call the insider.' }
    const asked = (
      await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'Why?', visibility: 'private', quote })
    ).json()
    const { readPage } = harness.stores.timeline
    harness.stores.timeline.readPage = async (...query) => {
      await alice.call('POST', `/api/engineer-chat/sessions/${asked.session_id}/share`)
      return readPage(...query)
    }

    const text = await readExport(bob, 'format=json')

    const file = JSON.parse(text)
    t.notMatch(text, 'insider')
    t.same(file.messages_left_out, [answered, asked.user_message.message_id])
    t.equal(file.count, 2, 'the first question and the reply that is not finished')
  },
)

t.test('[EXPORT7] the labels of a large room are read in parts, up to the first answer that is TLP:RED', async (t) => {
  const { harness, bob, ask, answer, readExport, post } = await setUp(t)
  await post('One.')
  await answer(await ask('room'), 'red')
  const { find } = harness.stores.events
  // The room’s number is that of a large room.
  harness.stores.events.find = async (event_id) => {
    const event = await find(event_id)
    return event && { ...event, seq: 4_500 }
  }
  const { listFacts } = harness.stores.labels
  const ranges: unknown[] = []
  harness.stores.labels.listFacts = async (event_id, audiences, range) => {
    ranges.push(range)
    return ranges.length === 1 ? [] : listFacts(event_id, audiences, { ...range, after: 0 })
  }
  t.match(JSON.parse(await readExport(bob, 'format=json')).export, { tlp: 'red' })
  t.same(ranges, [
    { after: 0, upTo: 2_000 },
    { after: 2_000, upTo: 4_000 },
  ])
})
