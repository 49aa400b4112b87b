import type { Message, ServerFrame } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { createClient, openSocket, type ReplyUpdate } from '../src/index.ts'
import { AsyncQueue } from './async-queue.ts'
import { type Peer, startFakeServer } from './fake-server.ts'
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

/** Follows the reply at position 2; `whole` is what HTTP has of it. */
async function startFollowing(t: Test, whole: Message = createAnsweredReply(2, 9, 'from HTTP'), signal?: AbortSignal) {
  const signIn = createSignInResponder()
  let broken = 1
  const server = await startFakeServer((request) => {
    if (!request.path.endsWith('/messages')) return signIn(request) ?? { status: 204 }
    broken -= 1
    if (broken === 0) return { status: 503, body: createProblem(503, 'unavailable') }
    return { body: { messages: [whole], seq: whole.seq, has_more: true } }
  })
  const client = createClient({ baseUrl: server.baseUrl })
  await client.login('alice', 'a-password')
  const socket = openSocket(client, { backoff: { firstMs: 1, maxMs: 2 } })
  t.teardown(async () => {
    socket.close()
    await server.close()
  })
  const room = socket.openRoom(ROOM)
  const news = new AsyncQueue<ReplyUpdate>()
  const ended = (async () => {
    const reply = room.follow(createThinkingReply(2), signal)
    for (;;) {
      const step = await reply.next()
      if (step.done) return step.value
      news.put(step.value)
    }
  })()
  const sendNext = async (...frames: ServerFrame[]): Promise<Peer> => {
    const peer = await server.peers.next()
    peer.send(createHello(), ...frames)
    return peer
  }
  let shown = ''
  let resets = 0
  /** Pieces may arrive together, so only the joined text is compared. */
  const waitForText = async (expected: string) => {
    while (shown !== expected) {
      const step = await news.next()
      if (step.type === 'reset') resets += 1
      shown = step.type === 'reset' ? '' : shown + step.text
    }
    return resets
  }
  return { sendNext, ended, waitForText }
}

t.test('[CLIENT14] a reply is followed piece by piece to its final row', async (t) => {
  const { sendNext, ended, waitForText } = await startFollowing(t)
  const peer = await sendNext(createSubscribed(2, [createMessage(1), createThinkingReply(2)]))
  peer.send(createDelta('m-2', 1, 0, 'Contain '))
  await waitForText('Contain ')
  peer.send(createDelta('m-2', 1, 0, 'Contain '), createDelta('m-2', 1, 1, 'web-01.'))
  await waitForText('Contain web-01.')
  peer.send(createMessageChanged(createAnsweredReply(2, 3, 'Contain web-01. Now.')))
  t.equal(await waitForText('Contain web-01. Now.'), 0, 'nothing was taken back')
  t.match(await ended, { seq: 3, message_type: 'chat' })
})

t.test('[CLIENT14] another attempt takes back what was shown', async (t) => {
  const { sendNext, ended, waitForText } = await startFollowing(t)
  const peer = await sendNext(createSubscribed(2, [createThinkingReply(2)]))
  peer.send(createDelta('m-2', 1, 0, 'First'))
  await waitForText('First')
  peer.send(createDelta('m-2', 2, 0, 'Second'))
  t.equal(await waitForText('Second'), 1)
  peer.send(createMessageChanged(createAnsweredReply(2, 3, 'Second')))
  t.match(await ended, { message_content: { content: 'Second' } })
})

t.test('[CLIENT14] a cut in the middle is healed by the snapshot, without a word twice', async (t) => {
  const { sendNext, ended, waitForText } = await startFollowing(t)
  const first = await sendNext(createSubscribed(2, [createThinkingReply(2)]))
  first.send(createDelta('m-2', 1, 0, 'one '), createDelta('m-2', 1, 1, 'two '))
  await waitForText('one two ')
  first.cut()
  const second = await sendNext(createSubscribed(2, [], false), createDelta('m-2', 1, 4, 'five'))
  second.send(createSnapshot('m-2', 1, 4, 'one two three four '))
  t.equal(await waitForText('one two three four five'), 0)
  second.send(createMessageChanged(createAnsweredReply(2, 3, 'one two three four five')))
  await ended
})

t.test('[CLIENT14] a row that the socket cut, or that is too old for the page, is read by HTTP', async (t) => {
  const cut = await startFollowing(t)
  const peer = await cut.sendNext(createSubscribed(2, [createThinkingReply(2)]))
  peer.send(createMessageChanged({ ...createAnsweredReply(2, 9, 'from'), truncated: true }))
  t.match(await cut.ended, { message_content: { content: 'from HTTP' } })

  const old = await startFollowing(t)
  await old.sendNext(createSubscribed(900, [createMessage(900)]))
  t.match(await old.ended, { message_content: { content: 'from HTTP' } })
})

t.test('[CLIENT14] following ends with the room, or when the caller has enough', async (t) => {
  const closed = await startFollowing(t)
  const peer = await closed.sendNext(createSubscribed(2, [createThinkingReply(2)]))
  peer.send({ type: 'error', code: 'forbidden', detail: 'No more.', event_id: ROOM })
  await t.rejects(closed.ended, { name: 'RoomRefusedError', code: 'forbidden' })

  const enough = new AbortController()
  const left = await startFollowing(t, undefined, enough.signal)
  await left.sendNext(createSubscribed(2, [createThinkingReply(2)]))
  enough.abort(new Error('enough'))
  await t.rejects(left.ended, { message: 'enough' })
})
