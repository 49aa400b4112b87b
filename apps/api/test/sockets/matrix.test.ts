import { ClientFrame, type UserRole } from '@engineer-chat/protocol'
import t from 'tap'
import type { SocketClient } from './socket-client.ts'
import { createSocketHarness, type SignedInUser } from './socket-harness.ts'

const WHO = ['agent', 'stranger', 'observer', 'responder', 'commander', 'admin', 'nobody'] as const
type Who = (typeof WHO)[number]
const ROLES: Partial<Record<Who, UserRole>> = { agent: 'agent', admin: 'admin' }

type Frame = ClientFrame['type']

/** What somebody's frame does in a restricted room, in the order of WHO; `nobody` came without a token. */
const EXPECTED: Record<Frame, [string, string, string, string, string, string, string]> = {
  subscribe: ['subscribed', 'event_not_found', 'subscribed', 'subscribed', 'subscribed', 'subscribed', '4401'],
  typing: ['silence', 'not_subscribed', 'silence', 'told', 'told', 'told', '4401'],
  unsubscribe: ['left', 'silence', 'left', 'left', 'left', 'left', '4401'],
  auth: ['authenticated', 'authenticated', 'authenticated', 'authenticated', 'authenticated', 'authenticated', '4401'],
  ping: ['pong', 'pong', 'pong', 'pong', 'pong', 'pong', '4401'],
}

t.test('[GUARD7] who may do what, frame by frame', async (t) => {
  const harness = createSocketHarness(t)
  for (const user_id of ['observer', 'responder', 'commander', 'ear']) await harness.signIn(user_id)
  await harness.createEvent('e1', 'restricted', {
    observer: 'observer',
    responder: 'responder',
    commander: 'commander',
    ear: 'responder',
  })
  const node = await harness.startNode({ limits: { typingIntervalMs: 0 } })
  const ear = await node.connect(await harness.signIn('ear'))
  await ear.subscribe('e1')

  const found: Record<string, string[]> = {}
  for (const user of WHO) {
    const signedIn = user === 'nobody' ? undefined : await harness.signIn(user, ROLES[user])
    const client = signedIn ? await node.connect(signedIn) : node.openClient('/ws')
    for (const frame of Object.keys(EXPECTED) as Frame[]) {
      const seen = signedIn ? await observeOutcome(client, frame, signedIn, ear) : String((await client.closed).code)
      found[frame] = [...(found[frame] ?? []), seen]
    }
  }
  t.same(found, EXPECTED, WHO.join(', '))

  async function observeOutcome(
    client: SocketClient,
    frame: Frame,
    user: SignedInUser,
    other: SocketClient,
  ): Promise<string> {
    const before = client.frames.length
    if (frame === 'auth') client.send({ type: 'auth', access_token: user.token })
    else if (frame === 'ping') client.send({ type: 'ping' })
    else client.send({ type: frame, event_id: 'e1' })
    await client.readUntilPong()
    // A room's frames are worked off one after the other: a second room's refusal comes after them.
    client.send({ type: 'subscribe', event_id: 'nowhere' })
    await client.next('error', ({ event_id }) => event_id === 'nowhere')
    const answers = client.frames.slice(before)
    const error = answers.find((one) => one.type === 'error' && one.event_id === 'e1')
    if (error?.type === 'error') return error.code
    const kinds = new Set(answers.map(({ type }) => type))
    if (frame === 'subscribe' && kinds.has('subscribed')) return 'subscribed'
    if (frame === 'auth' && kinds.has('authenticated')) return 'authenticated'
    if (frame === 'ping' && kinds.has('pong')) return 'pong'
    if (frame === 'unsubscribe')
      return (await receivesPosts(client)) ? 'still there' : wasIn.has(user.user_id) ? 'left' : 'silence'
    if (frame === 'typing') {
      wasIn.add(user.user_id)
      await other.readUntilPong()
      return other.listFrames('typing').some(({ user_id }) => user_id === user.user_id) ? 'told' : 'silence'
    }
    return 'silence'
  }

  /** Does what is said now in the room reach this socket? */
  async function receivesPosts(client: SocketClient): Promise<boolean> {
    const text = `said ${Math.random()}`
    await harness.postMessage('e1', text)
    await ear.next('message', ({ message }) => message.message_content.content === text)
    await client.readUntilPong()
    return client.listFrames('message').some(({ message }) => message.message_content.content === text)
  }
})

const wasIn = new Set<string>()

t.test('[GUARD7] the table above has every frame that a client may send', (t) => {
  t.same(Object.keys(EXPECTED).sort(), ClientFrame.anyOf.map((frame) => frame.properties.type.const).sort())
  t.end()
})
