import t from 'tap'
import { createHarness } from '../harness.ts'

t.test(
  '[EVENT13] people can read, find, pin and export a change of an event; exports in two languages name who made it',
  async (t) => {
    const harness = await createHarness()
    t.teardown(() => harness.close())
    const [alice, captain] = [await harness.signUp('alice'), await harness.signUp('captain', 'agent')]
    const event_id = await harness.createEvent(alice, { severity: 'high' })
    const url = `/api/events/${event_id}`

    const changed = await alice.call('PATCH', url, { severity: 'critical', event_status: 'closed', context: 'New.' })
    await captain.call('PATCH', url, { event_status: 'processing', tlp: 'red' })

    const { messages } = (await alice.call('GET', `${url}/messages`)).json()
    // The change takes two numbers of the room: 1 for the event, and 2 for the message about the change.
    t.match(changed.json(), { severity: 'critical', seq: 2 })
    t.match(messages, [
      {
        message_category: 'room',
        message_from: 'system',
        message_type: 'event_change',
        message_content: {
          content:
            'Severity was changed from high to critical. Status was changed from Pending to Closed. The context was rewritten.',
          // The values of a long text are not stored.
          changes: { severity: ['high', 'critical'], event_status: ['pending', 'closed'], context: [null, null] },
          by: alice.user_id,
        },
      },
      {
        message_content: {
          changes: { event_status: ['closed', 'processing'], tlp: ['amber', 'red'] },
          by: captain.user_id,
        },
      },
    ])
    const pageOfAgent = (await captain.call('GET', `${url}/messages`)).json()
    t.same(pageOfAgent.messages, messages, 'agents read the rows, which contain no names')
    t.notMatch(JSON.stringify(pageOfAgent), /"alice"/)
    const found = (await alice.call('GET', `${url}/search?q=critical`)).json()
    t.equal(found.messages[0]?.message_id, messages[0].message_id)
    await alice.call('PUT', `${url}/pins/${messages[0].message_id}`)
    const readExport = async (language: string) =>
      (await alice.call('GET', `${url}/export?format=markdown&language=${language}`)).body
    const english = await readExport('en')
    t.match(english, /\*\*alice\*\* · #2 .*: Severity: High → Critical/)
    t.match(english, '#2 · ')
    t.match(english, '> Severity: High → Critical · Status: Pending → Closed · The context was rewritten.')
    t.match(english, '> Status: Closed → Processing · TLP: AMBER → RED')
    t.match(await readExport('zh'), '> 严重程度：高 → 严重 · 状态：待处理 → 已关闭 · 背景已改写。')
  },
)

t.test(
  '[EVENT11] if an agent posts a message of the type `event_change`, it is stored and exported as a plain message',
  async (t) => {
    const harness = await createHarness()
    t.teardown(() => harness.close())
    const [alice, captain] = [await harness.signUp('alice'), await harness.signUp('captain', 'agent')]
    const event_id = await harness.createEvent(alice)
    const forged = { changes: { severity: ['low', 'critical'] }, by: alice.user_id, content: 'Forged.' }
    const post = { message_from: '_captain', message_type: 'event_change', message_content: forged }
    const message = (await captain.call('POST', `/api/events/${event_id}/messages`, post)).json()
    t.match(message, { message_category: 'agent', sender_type: null })
    const exported = (await alice.call('GET', `/api/events/${event_id}/export?format=markdown`)).body
    t.match(exported, '> Forged.')
    t.notMatch(exported, 'Severity: Low → Critical')
  },
)
