import t from 'tap'
import { createHarness } from '../harness.ts'

t.test(
  '[INBOX8] when a user lists events, each event has the number of messages that this user has not read',
  async (t) => {
    const harness = await createHarness()
    t.teardown(() => harness.close())
    const [carl, olga, rita] = [
      await harness.signUp('carl'),
      await harness.signUp('olga'),
      await harness.signUp('rita'),
    ]
    const [mallory, root, agent] = [
      await harness.signUp('mallory'),
      await harness.signUp('root', 'admin'),
      await harness.signUp('captain', 'agent'),
    ]
    const event_id = await harness.createEvent(carl, { access: 'restricted' })
    await harness.putMember(carl, event_id, olga, 'observer')
    await harness.putMember(carl, event_id, rita, 'responder')
    const url = `/api/events/${event_id}`
    const agentPost = { message_from: '_captain', message_type: 'note', message_content: '@olga', round_id: 1 }
    const posted = (await carl.call('POST', `${url}/messages`, { message: '@olga @mallory look' })).json()
    t.same(posted.mentions, [olga.user_id], 'Mallory is not a member')
    const last = (await agent.call('POST', `${url}/messages`, agentPost)).json()
    await rita.call('POST', '/api/engineer-chat/send', { event_id, message: '@olga what is it?' })
    await rita.call('PUT', `${url}/read`, { position: 1 })
    await carl.call('PUT', `${url}/notifications`, { muted: true })

    const itemFields: Record<string, unknown[]> = {}
    for (const [name, caller] of Object.entries({ carl, olga, rita, root, agent })) {
      const [item] = (await caller.call('GET', '/api/events')).json().items
      itemFields[name] = [item.unread, item.mentions, item.muted, item.read_position, item.last_activity_at]
    }
    // Own messages and read messages are not unread. Rita’s private question is not shown to others. Only a person’s
    // message mentions somebody. A mute creates a read mark at 0. Agents have no inbox.
    t.same(itemFields, {
      carl: [1, 0, true, 0, last.created_at],
      olga: [2, 1, false, null, last.created_at],
      rita: [1, 0, false, 1, last.created_at],
      root: [2, 0, false, null, last.created_at],
      agent: [0, 0, false, null, last.created_at],
    })
    t.same((await mallory.call('GET', '/api/events')).json().items, [])
  },
)

t.test('[INBOX8] for an event without messages, the time of its last activity is that of its creation', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const carl = await harness.signUp('carl')
  await harness.createEvent(carl)
  const [item] = (await carl.call('GET', '/api/events')).json().items
  t.match(item, { unread: 0, mentions: 0, muted: false, last_activity_at: item.created_at, tlp: 'amber' })
})
