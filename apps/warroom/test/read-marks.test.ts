import { addMessages } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { startFakePage } from '../testing/fake-page.ts'

const page = startFakePage()
const tab = new EventTarget()
const stored = new Map<string, string>()
Object.assign(document, { addEventListener: tab.addEventListener.bind(tab) })
Object.defineProperty(globalThis, 'localStorage', {
  value: {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  },
})

const holdRequest = globalThis.fetch
globalThis.fetch = (input, init) =>
  `${input}`.endsWith('/api/auth/ws-ticket')
    ? Promise.resolve(Response.json({ ticket: 'x', expires_in: 60 }))
    : holdRequest(input, init)

/** Is the connection to the server, which the server opens when the test calls `onmessage`. */
class FakeWebSocket {
  static current: FakeWebSocket | undefined
  onmessage: ((event: { data: string }) => void) | null = null
  constructor() {
    FakeWebSocket.current = this
  }
  send() {}
  close() {}
}
Object.assign(globalThis, { WebSocket: FakeWebSocket, removeEventListener: () => {} })

const { getSocket } = await import('../src/state/people/sign-in.ts')
const { getRoom } = await import('../src/state/rooms/rooms.ts')
const { markRead, sendFailedReadMarks } = await import('../src/state/rooms/read-marks.ts')
const { followInbox } = await import('../src/state/events/inbox.ts')
t.teardown(() => getSocket().close())
t.setTimeout(10_000)

function setVisibility(visibilityState: 'visible' | 'hidden'): void {
  Object.assign(document, { visibilityState })
  tab.dispatchEvent(new Event('visibilitychange'))
}
const leaveTab = () => setVisibility('hidden')
const returnToTab = () => setVisibility('visible')
/** Marks the room as read and leaves the tab, which sends the mark at once. */
function markReadAndLeave(event_id: string, position: number) {
  markRead('u-1', event_id, position)
  leaveTab()
  return page.takeRequest()
}
const toPath = (event_id: string) => `/api/events/${event_id}/read`

/** Checks that no mark waits to be sent again: the next request is the mark of another room. */
async function expectNoRepetition(t: Test, event_id: string): Promise<void> {
  returnToTab()
  sendFailedReadMarks()
  const other = `after ${event_id}`
  const request = await markReadAndLeave(other, 1)
  t.equal(decodeURI(request.path), toPath(other))
  await request.respond(null)
}

t.test('[ROOM71] a read mark that was lost is sent again when the tab or the connection is back', async (t) => {
  for (const [event_id, comeBack] of [
    ['e1', returnToTab],
    ['e2', sendFailedReadMarks],
  ] as const) {
    await (await markReadAndLeave(event_id, 7)).fail()
    for (const outcome of ['fail', 'respond'] as const) {
      comeBack()
      const repeated = await page.takeRequest()
      t.match(repeated, { method: 'PUT', path: toPath(event_id) })
      await repeated[outcome](null)
    }
    await expectNoRepetition(t, event_id)
  }
})

t.test('[ROOM71] a read mark that was lost is sent again with the next mark of the room', async (t) => {
  await (await markReadAndLeave('e3', 7)).fail()
  const repeated = await markReadAndLeave('e3', 7)
  t.equal(repeated.path, toPath('e3'))
  await repeated.respond(null)
  markRead('u-1', 'e3', 7) // The server has this position, so nothing is sent.
  await expectNoRepetition(t, 'e3')
})

t.test('[ROOM71] a read mark is not sent again while an answer for its reader was being written', async (t) => {
  const thinking = { message_id: 'm7', event_id: 'e4', position: 7, seq: 7, user_id: 'u-1', message_type: 'thinking' }
  getRoom('e4').updateState((state) => addMessages(state, [thinking as Message]))
  await (await markReadAndLeave('e4', 7)).fail()
  await expectNoRepetition(t, 'e4')
})

t.test(
  '[ROOM71] a read mark is not sent again after an answer for its reader that began later has ended',
  async (t) => {
    await (await markReadAndLeave('e7', 7)).fail()
    const answer = { message_id: 'm9', event_id: 'e7', position: 9, seq: 10, user_id: 'u-1', message_type: 'chat' }
    getRoom('e7').updateState((state) => addMessages(state, [{ ...answer, sender_type: 'ai' } as unknown as Message]))
    await expectNoRepetition(t, 'e7')
  },
)

t.test(
  '[ROOM71] a refused read mark is not sent again, but one that met an error of the server or its limit is',
  async (t) => {
    for (const status of [403, 404]) {
      await (await markReadAndLeave(`e${status}`, 7)).respond({}, status)
      await expectNoRepetition(t, `e${status}`)
    }
    for (const status of [429, 500, 503]) {
      await (await markReadAndLeave(`e${status}`, 7)).respond({}, status)
      returnToTab()
      const repeated = await page.takeRequest()
      t.equal(repeated.path, toPath(`e${status}`))
      await repeated.respond(null)
    }
  },
)

t.test('[ROOM71] only a mark that is sent while the tab is left outlives its page', async (t) => {
  const mark = await markReadAndLeave('e5', 7)
  t.equal(mark.keepalive, true)
  await mark.fail()
  returnToTab()
  const repeated = await page.takeRequest()
  t.equal(repeated.keepalive, false)
  await repeated.respond(null)
})

t.test('[ROOM71] a read mark that was lost is sent again when the socket has connected', async (t) => {
  const stopFollowing = followInbox()
  await (await markReadAndLeave('e6', 7)).fail()
  const hello = { type: 'hello', connection_id: 'c', protocol: 1, user_id: 'u-1', heartbeat_interval_ms: 60_000 }
  FakeWebSocket.current?.onmessage?.({ data: JSON.stringify(hello) })
  const repeated = await page.takeRequest()
  t.equal(repeated.path, toPath('e6'))
  await repeated.respond(null)
  stopFollowing()
})
