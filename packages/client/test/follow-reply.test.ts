import type { Message, ServerFrame } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { createClient, openSocket, type ReplyUpdate } from '../src/index.ts'
import { AsyncQueue } from './async-queue.ts'
import { type FakeResponse, type Peer, startFakeServer } from './fake-server.ts'
import {
  createAnsweredReply,
  createDelta,
  createHello,
  createMessage,
  createMessageChanged,
  createProblem,
  createSignInResponder,
  createSnapshot,
  createSubscribed,
  createThinkingReply,
  ROOM,
} from './sample-data.ts'

/** Follows the reply at position 2. The first request for its row fails, and later ones return `httpRow`. */
async function startFollowing(
  t: Test,
  httpRow: Message = createAnsweredReply(2, 9, 'from HTTP'),
  signal?: AbortSignal,
  firstRowResponse: FakeResponse = { status: 503, body: createProblem(503, 'unavailable') },
) {
  const signIn = createSignInResponder()
  const rowRequestTimes: number[] = []
  let isSignInOver = false
  const server = await startFakeServer((request) => {
    if (isSignInOver) return { status: 401, body: createProblem(401, 'unauthorized') }
    if (!request.path.endsWith('/messages')) return signIn(request) ?? { status: 204 }
    rowRequestTimes.push(performance.now())
    if (rowRequestTimes.length === 1) return firstRowResponse
    return { body: { messages: [httpRow], seq: httpRow.seq, has_more: true } }
  })
  const client = createClient({ baseUrl: server.baseUrl })
  await client.login('alice', 'a-password')
  const socket = openSocket(client, { backoff: { firstMaxMs: 1, maxMs: 2 } })
  t.teardown(async () => {
    socket.close()
    await server.close()
  })
  const room = socket.openRoom(ROOM)
  const updates = new AsyncQueue<ReplyUpdate>()
  const finalRow = (async () => {
    const reply = room.follow(createThinkingReply(2), signal)
    for (;;) {
      const result = await reply.next()
      if (result.done) return result.value
      updates.put(result.value)
    }
  })()
  /** Accepts the next connection and sends it a hello and these frames. */
  const acceptPeer = async (...frames: ServerFrame[]): Promise<Peer> => {
    const peer = await server.peers.next()
    peer.send(createHello(), ...frames)
    return peer
  }
  let shownText = ''
  let resets = 0
  /** Waits until this text is shown, and returns how often the shown text was reset. Pieces may arrive together. */
  const waitForText = async (expected: string) => {
    while (shownText !== expected) {
      const update = await updates.next()
      if (update.type === 'reset') resets += 1
      shownText = update.type === 'reset' ? '' : shownText + update.text
    }
    return resets
  }
  const endSignIn = () => {
    isSignInOver = true
  }
  const signInAgain = async () => {
    isSignInOver = false
    await client.login('alice', 'a-password')
    socket.connectNow()
  }
  return { acceptPeer, endSignIn, signInAgain, finalRow, room, rowRequestTimes, socket, waitForText }
}

t.test('[CLIENT14] a reply is followed delta by delta to its final row', async (t) => {
  const { acceptPeer, finalRow, waitForText } = await startFollowing(t)
  const peer = await acceptPeer(createSubscribed(2, [createMessage(1), createThinkingReply(2)]))
  peer.send(createDelta('m-2', { attempt: 1, index: 0, text: 'Contain ' }))
  await waitForText('Contain ')
  peer.send(
    createDelta('m-2', { attempt: 1, index: 0, text: 'Contain ' }),
    createDelta('m-2', { attempt: 1, index: 1, text: 'web-01.' }),
  )
  await waitForText('Contain web-01.')
  peer.send(createMessageChanged(createAnsweredReply(2, 3, 'Contain web-01. Now.')))
  t.equal(await waitForText('Contain web-01. Now.'), 0, 'the shown text was never reset')
  t.match(await finalRow, { seq: 3, message_type: 'chat' })
})

t.test('[CLIENT14] another attempt resets the shown text', async (t) => {
  const { acceptPeer, finalRow, waitForText } = await startFollowing(t)
  const peer = await acceptPeer(createSubscribed(2, [createThinkingReply(2)]))
  peer.send(createDelta('m-2', { attempt: 1, index: 0, text: 'First' }))
  await waitForText('First')
  peer.send(createDelta('m-2', { attempt: 2, index: 0, text: 'Second' }))
  t.equal(await waitForText('Second'), 1)
  peer.send(createMessageChanged(createAnsweredReply(2, 3, 'Second')))
  t.match(await finalRow, { message_content: { content: 'Second' } })
})

t.test('[CLIENT14] after a lost connection, a snapshot brings the missing deltas and repeats no text', async (t) => {
  const { acceptPeer, finalRow, waitForText } = await startFollowing(t)
  const firstPeer = await acceptPeer(createSubscribed(2, [createThinkingReply(2)]))
  firstPeer.send(
    createDelta('m-2', { attempt: 1, index: 0, text: 'one ' }),
    createDelta('m-2', { attempt: 1, index: 1, text: 'two ' }),
  )
  await waitForText('one two ')
  firstPeer.cut()
  const secondPeer = await acceptPeer(
    createSubscribed(2, [], { reset: false }),
    createDelta('m-2', { attempt: 1, index: 4, text: 'five' }),
  )
  secondPeer.send(createSnapshot('m-2', { attempt: 1, next_index: 4, text: 'one two three four ' }))
  t.equal(await waitForText('one two three four five'), 0)
  secondPeer.send(createMessageChanged(createAnsweredReply(2, 3, 'one two three four five')))
  await finalRow
})

t.test(
  '[CLIENT14] a row that the socket truncated, or that is older than the loaded rows, is read by HTTP',
  async (t) => {
    const truncated = await startFollowing(t)
    const peer = await truncated.acceptPeer(createSubscribed(2, [createThinkingReply(2)]))
    peer.send(createMessageChanged({ ...createAnsweredReply(2, 9, 'from'), truncated: true }))
    t.match(await truncated.finalRow, { message_content: { content: 'from HTTP' } })

    const old = await startFollowing(t)
    await old.acceptPeer(createSubscribed(900, [createMessage(900)]))
    t.match(await old.finalRow, { message_content: { content: 'from HTTP' } })
  },
)

t.test('[CLIENT14] a row is read again not before the time that the server asks to wait', async (t) => {
  const refusal = { status: 429, headers: { 'retry-after': '1' }, body: createProblem(429, 'rate_limited') }
  const { acceptPeer, finalRow, rowRequestTimes } = await startFollowing(t, undefined, undefined, refusal)
  await acceptPeer(createSubscribed(900, [createMessage(900)]))
  t.match(await finalRow, { message_content: { content: 'from HTTP' } })
  const [firstMs = 0, secondMs = 0] = rowRequestTimes
  t.ok(secondMs - firstMs >= 999, 'a timer may fire one millisecond early')
})

t.test('[CLIENT14] following fails if the row of the reply was removed', async (t) => {
  const { acceptPeer, finalRow } = await startFollowing(t, createMessage(1))
  await acceptPeer(createSubscribed(900, [createMessage(900)]))
  await t.rejects(finalRow, { name: 'ApiProblem', code: 'message_not_found' })
})

t.test('[CLIENT14] following ends when the room is refused, or when the caller aborts it', async (t) => {
  const refused = await startFollowing(t)
  const peer = await refused.acceptPeer(createSubscribed(2, [createThinkingReply(2)]))
  peer.send({ type: 'error', code: 'forbidden', detail: 'No more.', event_id: ROOM })
  await t.rejects(refused.finalRow, { name: 'RoomRefusedError', code: 'forbidden' })

  const aborting = new AbortController()
  const aborted = await startFollowing(t, undefined, aborting.signal)
  await aborted.acceptPeer(createSubscribed(2, [createThinkingReply(2)]))
  aborting.abort(new Error('aborted by the caller'))
  await t.rejects(aborted.finalRow, { message: 'aborted by the caller' })
})

t.test('[CLIENT14] following ends when the sign-in ends, or when the room or the socket is closed', async (t) => {
  const signedOut = await startFollowing(t)
  const peer = await signedOut.acceptPeer(createSubscribed(2, [createThinkingReply(2)]))
  signedOut.endSignIn()
  peer.close(4401)
  await t.rejects(signedOut.finalRow, { name: 'ApiProblem', code: 'unauthorized' })
  const laterReply = signedOut.room.follow(createThinkingReply(2))
  await t.rejects(laterReply.next(), { code: 'unauthorized' }, 'a call while the socket is signed out fails, too')
  await signedOut.signInAgain()
  const nextReply = signedOut.room.follow(createAnsweredReply(2, 3, 'whole'))
  t.match(await nextReply.next(), { value: { text: 'whole' } })

  const closedRoom = await startFollowing(t)
  await closedRoom.acceptPeer(createSubscribed(2, [createThinkingReply(2)]))
  const otherHandle = closedRoom.socket.openRoom(ROOM)
  closedRoom.room.close()
  otherHandle.close()
  await t.rejects(closedRoom.finalRow, { name: 'RoomClosedError' })

  const closedSocket = await startFollowing(t)
  await closedSocket.acceptPeer(createSubscribed(2, [createThinkingReply(2)]))
  closedSocket.socket.close()
  await t.rejects(closedSocket.finalRow, { name: 'RoomClosedError' })
})
