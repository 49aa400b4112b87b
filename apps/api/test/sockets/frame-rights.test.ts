import { ClientFrame, type UserRole } from '@engineer-chat/protocol'
import t from 'tap'
import type { SocketClient } from './socket-client.ts'
import { createSocketHarness, type SignedInUser } from './socket-harness.ts'

/** A `stranger` is an engineer who is not a member of the room. `nobody` has no token. */
const CALLERS = ['agent', 'stranger', 'observer', 'responder', 'commander', 'admin', 'nobody'] as const
type CallerKind = (typeof CALLERS)[number]
const ROLES: Partial<Record<CallerKind, UserRole>> = { agent: 'agent', admin: 'admin' }

type FrameType = ClientFrame['type']

/**
 * Lists the outcomes of each frame in a restricted room, in the order of CALLERS: the type or the error code of the
 * answer, `4401` if the socket was closed with this code, `left` if the room's messages no longer arrive, `broadcast`
 * if other members get the frame, and `silence` if nothing happens.
 */
const EXPECTED: Record<FrameType, [string, string, string, string, string, string, string]> = {
  subscribe: ['subscribed', 'event_not_found', 'subscribed', 'subscribed', 'subscribed', 'subscribed', '4401'],
  typing: ['silence', 'not_subscribed', 'silence', 'broadcast', 'broadcast', 'broadcast', '4401'],
  unsubscribe: ['left', 'silence', 'left', 'left', 'left', 'left', '4401'],
  auth: ['authenticated', 'authenticated', 'authenticated', 'authenticated', 'authenticated', 'authenticated', '4401'],
  ping: ['pong', 'pong', 'pong', 'pong', 'pong', 'pong', '4401'],
}

/** Holds the users whose sockets were subscribed before their `unsubscribe` frame. */
const subscribedUsers = new Set<string>()

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

  const outcomes: Record<string, string[]> = {}
  for (const caller of CALLERS) {
    const user = caller === 'nobody' ? undefined : await harness.signIn(caller, ROLES[caller])
    const client = user ? await node.connect(user) : node.openClient('/ws')
    for (const frame of Object.keys(EXPECTED) as FrameType[]) {
      const outcome = user ? await observeOutcome(client, frame, user) : String((await client.closed).code)
      outcomes[frame] = [...(outcomes[frame] ?? []), outcome]
    }
  }
  t.same(outcomes, EXPECTED, CALLERS.join(', '))

  async function observeOutcome(client: SocketClient, frame: FrameType, user: SignedInUser): Promise<string> {
    const framesBefore = client.frames.length
    if (frame === 'auth') client.send({ type: 'auth', access_token: user.token })
    else if (frame === 'ping') client.send({ type: 'ping' })
    else client.send({ type: frame, event_id: 'e1' })
    await client.readUntilPong()
    // A connection handles its frames in order, so the error about `nowhere` comes after all answers to `frame`.
    client.send({ type: 'subscribe', event_id: 'nowhere' })
    await client.next('error', ({ event_id }) => event_id === 'nowhere')
    const answers = client.frames.slice(framesBefore)
    const error = answers.find((answer) => answer.type === 'error' && answer.event_id === 'e1')
    if (error?.type === 'error') return error.code
    const types = new Set(answers.map(({ type }) => type))
    if (frame === 'subscribe' && types.has('subscribed')) return 'subscribed'
    if (frame === 'auth' && types.has('authenticated')) return 'authenticated'
    if (frame === 'ping' && types.has('pong')) return 'pong'
    if (frame === 'unsubscribe') {
      if (await receivesPosts(client)) return 'still subscribed'
      return subscribedUsers.has(user.user_id) ? 'left' : 'silence'
    }
    if (frame === 'typing') {
      subscribedUsers.add(user.user_id) // A socket that is not subscribed would have got an error.
      await witness.readUntilPong()
      return witness.listFrames('typing').some(({ user_id }) => user_id === user.user_id) ? 'broadcast' : 'silence'
    }
    return 'silence'
  }

  /** Posts a message in the room, and returns true if it reaches this socket. */
  async function receivesPosts(client: SocketClient): Promise<boolean> {
    const text = `said ${Math.random()}`
    await harness.postMessage('e1', text)
    await witness.next('message', ({ message }) => message.message_content.content === text)
    await client.readUntilPong()
    return client.listFrames('message').some(({ message }) => message.message_content.content === text)
  }
})

t.test('[GUARD7] the table above has every frame that a client may send', (t) => {
  t.same(Object.keys(EXPECTED).sort(), ClientFrame.anyOf.map((frame) => frame.properties.type.const).sort())
  t.end()
})
