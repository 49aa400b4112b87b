import { openEvent, type Room } from '@engineer-chat/proof'
import type { Test } from 'tap'
import { isRowWithId, postSentinel } from './frames.ts'

export function proveSharing(t: Test, room: Room): void {
  const { alice, bob, captain } = room

  t.test(
    '[PROOF3] a session that is shared during an answer shows its rows, the text so far and the rest',
    async (t) => {
      const event_id = await openEvent(room.getApiUrl(0), alice)
      const follower = await bob.follow(room.getApiUrl(1), event_id)
      const { sent, held } = await askAndHold(room, event_id, 'share-me please')
      const reply_id = sent.ai_message.message_id

      const shared = await alice.call(room.getApiUrl(0), 'POST', `/api/engineer-chat/sessions/${sent.session_id}/share`)

      t.equal(shared.status, 200)
      await follower.waitForFrame('the question', isRowWithId(sent.user_message.message_id))
      const snapshot = await follower.waitForFrame(
        'a snapshot',
        (frame) => frame.type === 'snapshot' && frame.message_id === reply_id,
      )
      t.match(snapshot, { text: 'Answer t' })
      held.release()
      const { message } = await follower.waitForFinalRow(reply_id)
      t.equal(message.visibility, 'room')
      t.match(message.message_content.content, /^Answer to: .*share-me please/)
      const page = await bob.call<{ messages: unknown[] }>(room.getApiUrl(0), 'GET', `/api/events/${event_id}/messages`)
      t.equal(page.body.messages.length, 2, 'the timeline has the question and the reply')
      follower.close()
    },
  )

  t.test('[PROOF3] an agent sees no chat, shared or not', async (t) => {
    const event_id = await openEvent(room.getApiUrl(0), alice)
    const follower = await captain.follow(room.getApiUrl(1), event_id)
    const { sent, held } = await askAndHold(room, event_id, 'hide-me please')
    await alice.call(room.getApiUrl(0), 'POST', `/api/engineer-chat/sessions/${sent.session_id}/share`)
    held.release()
    await alice.waitForReply(room.getApiUrl(0), sent)

    await postSentinel(room, event_id)

    await follower.waitForFrame('the sentinel', (frame) => frame.type === 'message')
    t.notOk(JSON.stringify(follower.frames).includes('hide-me'))
    follower.close()
  })
}

/** Asks a question whose answer stops after its first piece, and waits until that piece was streamed. */
async function askAndHold({ alice, model, getApiUrl }: Room, event_id: string, question: string) {
  const held = model.hold(question)
  const follower = await alice.follow(getApiUrl(0), event_id)
  const sent = (await alice.ask(getApiUrl(0), event_id, question)).body
  await held.started
  await follower.waitForFrame('the first piece', (frame) => frame.type === 'delta')
  follower.close()
  return { sent, held }
}
