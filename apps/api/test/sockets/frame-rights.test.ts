import { ClientFrame, type UserRole } from '@engineer-chat/protocol'
import t from 'tap'
import type { SocketClient } from './socket-client.ts'
import { createSocketHarness, type SignedInUser } from './socket-harness.ts'

const CALLERS = ['agent', 'stranger', 'observer', 'responder', 'commander', 'admin', 'nobody'] as const
type CallerKind = (typeof CALLERS)[number]
const ROLES: Partial<Record<CallerKind, UserRole>> = { agent: 'agent', admin: 'admin' }

type Frame = ClientFrame['type']

/** Lists the outcomes of each frame in a restricted room, in the order of CALLERS. `nobody` has no token. */
const EXPECTED: Record<Frame, [string, string, string, string, string, string, string]> = {
  subscribe: ['subscribed', 'event_not_found', 'subscribed', 'subscribed', 'subscribed', 'subscribed', '4401'],
  typing: ['silence', 'not_subscribed', 'silence', 'broadcast', 'broadcast', 'broadcast', '4401'],
  unsubscribe: ['left', 'silence', 'left', 'left', 'left', 'left', '4401'],
  auth: ['authenticated', 'authenticated', 'authenticated', 'authenticated', 'authenticated', 'authenticated', '4401'],
  ping: ['pong', 'pong', 'pong', 'pong', 'pong', 'pong', '4401'],
}

t.test('[GUARD7] each frame has the outcome that the table lists, for each kind of caller', async (t) => {
  const harness = createSocketHarness(t)
  for (const user_id of ['observer', 'responder', 'commander', 'witness']) await harness.signIn(user_id)
  await harness.createEvent('e1', 'restricted', {
    observer: 'observer',
    responder: 'responder',
    commander: 'commander',
    witness: 'responder',
  })
  const node = await harness.startNode({ limits: { typingIntervalMs: 0 } })
  const witness = await node.connect(await harness.signIn('witness'))
  await witness.subscribe('e1')

  const found: Record<string, string[]> = {}
  for (const user of CALLERS) {
    const signedIn = user === 'nobody' ? undefined : await harness.signIn(user, ROLES[user])
    const client = signedIn ? await node.connect(signedIn) : node.openClient('/ws')
    for (const frame of Object.keys(EXPECTED) as Frame[]) {
      const outcome = signedIn
        ? await observeOutcome(client, frame, signedIn, witness)
        : String((await client.closed).code)
      found[frame] = [...(found[frame] ?? []), outcome]
    }
  }
  t.same(found, EXPECTED, CALLERS.join(', '))

  async function observeOutcome(
    client: SocketClient,
    frame: Frame,
    user: SignedInUser,
    witness: SocketClient,
  ): Promise<string> {
    const framesBefore = client.frames.length
    if (frame === 'auth') client.send({ type: 'auth', access_token: user.token })
    else if (frame === 'ping') client.send({ type: 'ping' })
    else client.send({ type: frame, event_id: 'e1' })
    await client.readUntilPong()
    // A connection handles its frames in order, so the refusal of a second room comes after them.
    client.send({ type: 'subscribe', event_id: 'nowhere' })
    await client.next('error', ({ event_id }) => event_id === 'nowhere')
    const answers = client.frames.slice(framesBefore)
    const error = answers.find((answer) => answer.type === 'error' && answer.event_id === 'e1')
    if (error?.type === 'error') return error.code
    const types = new Set(answers.map(({ type }) => type))
    if (frame === 'subscribe' && types.has('subscribed')) return 'subscribed'
    if (frame === 'auth' && types.has('authenticated')) return 'authenticated'
    if (frame === 'ping' && types.has('pong')) return 'pong'
    if (frame === 'unsubscribe')
      return (await receivesPosts(client)) ? 'still subscribed' : subscribedUsers.has(user.user_id) ? 'left' : 'silence'
    if (frame === 'typing') {
      subscribedUsers.add(user.user_id) // A socket that is not subscribed gets an error.
      await witness.readUntilPong()
      return witness.listFrames('typing').some(({ user_id }) => user_id === user.user_id) ? 'broadcast' : 'silence'
    }
    return 'silence'
  }

  /** Returns true if a new message of the room reaches this socket. */
  async function receivesPosts(client: SocketClient): Promise<boolean> {
    const text = `said ${Math.random()}`
    await harness.postMessage('e1', text)
    await witness.next('message', ({ message }) => message.message_content.content === text)
    await client.readUntilPong()
    return client.listFrames('message').some(({ message }) => message.message_content.content === text)
  }
})

/** Holds the users whose sockets were subscribed before their `unsubscribe` frame. */
const subscribedUsers = new Set<string>()

t.test('[GUARD7] the table above has every frame that a client may send', (t) => {
  t.same(Object.keys(EXPECTED).sort(), ClientFrame.anyOf.map((frame) => frame.properties.type.const).sort())
  t.end()
})
