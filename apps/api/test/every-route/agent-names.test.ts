import type { AddressInfo } from 'node:net'
import t from 'tap'
import { openSocketClient } from '../sockets/socket-client.ts'
import { callEveryRoute } from './calls.ts'
import { createEventFixture, EVENT_ID, NAMES, openBoard } from './event-fixture.ts'

t.test('[HTTP20] no route tells an agent the name of a person', async (t) => {
  await callEveryRoute(
    t,
    ({ agent }) => agent,
    (t, _world, _decision, { body, statusCode }) => {
      t.ok(statusCode < 500, `${statusCode} ${body.slice(0, 300)}`)
      const named = removeIds(body)
      for (const name of Object.values(NAMES)) t.notMatch(named, new RegExp(`\\b${name}\\b`), body)
    },
  )
})

t.test('[HTTP20] an agent is refused the list of members, and people read it', async (t) => {
  const { agent, observer } = await createEventFixture(t, await openBoard(t))
  const url = `/api/events/${EVENT_ID}/members`
  t.match((await agent.call('GET', url)).json(), { status: 403, code: 'forbidden', detail: /names/ })
  t.match((await observer.call('GET', url)).json(), {
    items: [{ username: NAMES.owner }, { username: NAMES.observer }],
  })
})

t.test('[HTTP20] no frame tells an agent the name of a person', async (t) => {
  const { harness, agent, owner, ids } = await createEventFixture(t, await openBoard(t))
  await harness.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = harness.app.server.address() as AddressInfo
  const connect = ({ token }: { token: string }) =>
    openSocketClient(t, `ws://127.0.0.1:${port}/ws`, { authorization: `Bearer ${token}` })
  const [agents, owners] = [connect(agent), connect(owner)]
  for (const socket of [agents, owners]) {
    await socket.next('hello')
    await socket.subscribe(EVENT_ID)
  }
  owners.send({ type: 'typing', event_id: EVENT_ID })
  await owner.call('DELETE', `/api/events/${EVENT_ID}/pins/${ids.post}`)
  await owner.call('PATCH', `/api/events/${EVENT_ID}`, { severity: 'low' })
  const posted = (await owner.call('POST', `/api/events/${EVENT_ID}/messages`, { message: 'The last one.' })).json()
  await agents.next('message', ({ message }) => message.message_id === posted.message_id)
  t.ok(agents.listFrames('event').length > 0)
  const named = removeIds(JSON.stringify(agents.frames))
  for (const name of Object.values(NAMES)) t.notMatch(named, new RegExp(`\\b${name}\\b`))
})

/** Removes user ids, because those of the tests contain the user's name. */
function removeIds(text: string): string {
  return text.replaceAll(/\bu-[\w-]+/g, '')
}
