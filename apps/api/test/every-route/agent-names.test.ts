import type { AddressInfo } from 'node:net'
import t from 'tap'
import { openSocketClient } from '../sockets/socket-client.ts'
import { callEveryRoute } from './calls.ts'
import { createEventFixture, EVENT_ID, NAMES, openBoardQueue } from './event-fixture.ts'

t.test('[HTTP20] no response to an agent contains the name of a person', async (t) => {
  await callEveryRoute(
    t,
    ({ agent }) => agent,
    (t, _fixture, _routeCase, { body, statusCode }) => {
      t.ok(statusCode < 500, `${statusCode} ${body.slice(0, 300)}`)
      const textWithoutIds = removeUserIds(body)
      for (const name of Object.values(NAMES)) t.notMatch(textWithoutIds, new RegExp(`\\b${name}\\b`), body)
    },
  )
})

t.test('[HTTP20] agents may not read the list of members, but people may', async (t) => {
  const { agent, observer } = await createEventFixture(t, await openBoardQueue(t))
  const url = `/api/events/${EVENT_ID}/members`
  t.match((await agent.call('GET', url)).json(), { status: 403, code: 'forbidden', detail: /names/ })
  t.match((await observer.call('GET', url)).json(), {
    items: [{ username: NAMES.owner }, { username: NAMES.observer }],
  })
})

t.test('[HTTP20] no frame to an agent contains the name of a person', async (t) => {
  const { harness, agent, owner, ids } = await createEventFixture(t, await openBoardQueue(t))
  await harness.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = harness.app.server.address() as AddressInfo
  const connect = ({ token }: { token: string }) =>
    openSocketClient(t, `ws://127.0.0.1:${port}/ws`, { authorization: `Bearer ${token}` })
  const [agentClient, ownerClient] = [connect(agent), connect(owner)]
  for (const socket of [agentClient, ownerClient]) {
    await socket.next('hello')
    await socket.subscribe(EVENT_ID)
  }
  ownerClient.send({ type: 'typing', event_id: EVENT_ID })
  await owner.call('DELETE', `/api/events/${EVENT_ID}/pins/${ids.post}`)
  await owner.call('PATCH', `/api/events/${EVENT_ID}`, { severity: 'low' })
  const posted = (await owner.call('POST', `/api/events/${EVENT_ID}/messages`, { message: 'The last one.' })).json()
  await agentClient.next('message', ({ message }) => message.message_id === posted.message_id)
  t.ok(agentClient.listFrames('event').length > 0, 'the agent got a frame about the changed severity')
  const textWithoutIds = removeUserIds(JSON.stringify(agentClient.frames))
  for (const name of Object.values(NAMES)) t.notMatch(textWithoutIds, new RegExp(`\\b${name}\\b`))
})

/** Removes the ids of users, because in tests they contain the names. */
function removeUserIds(text: string): string {
  return text.replaceAll(/\bu-[\w-]+/g, '')
}
