import type { Message } from '@engineer-chat/protocol'
import t from 'tap'
import { createHarness } from '../harness.ts'

t.test('[INDICATOR1] each response that contains a message also contains the message’s indicators', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice)
  const expected = [{ start: 5, end: 17, type: 'domain', value: 'evil.example' }]
  const roomUrl = `/api/events/${event_id}`

  const posted: Message = (await alice.call('POST', `${roomUrl}/messages`, { message: 'from evil.example' })).json()
  t.same(posted.indicators, expected, 'a post')
  const page = (await alice.call('GET', `${roomUrl}/messages`)).json()
  t.same(page.messages[0].indicators, expected, 'the page')
  const search = (await alice.call('GET', `${roomUrl}/search?q=evil`)).json()
  t.same(search.messages[0].indicators, expected, 'a search')
  const pinned = (await alice.call('PUT', `${roomUrl}/pins/${posted.message_id}`)).json()
  t.same(pinned.indicators, expected, 'a pin')
  t.same((await alice.call('GET', `${roomUrl}/pins`)).json().items[0].indicators, expected, 'the list of pins')

  const sent = await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'from evil.example' })
  t.same(sent.json().user_message.indicators, expected, 'a question')
  t.equal(sent.json().ai_message.indicators, undefined, 'a reply that has not ended has none')
  const { session_id } = sent.json()
  const history = await alice.call('GET', `/api/engineer-chat/history?event_id=${event_id}&session_id=${session_id}`)
  t.same(history.json().messages[0].indicators, expected, 'a session')
})
