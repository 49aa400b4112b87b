import type { Fixture, FollowerSocket } from '@engineer-chat/proof'
import type { Test } from 'tap'
import { isRowWithText, postEndMarker } from './frames.ts'

const SECRET = 'heliotrope-7781'

interface PrivateSession {
  session_id: string
  reply_id: string
  /** Lists the words and ids that nobody else must see. */
  hiddenWords: string[]
  /** Holds sockets of another engineer and of an agent, subscribed before the question and during the answer. */
  followers: FollowerSocket[]
}

/** Proves that others see nothing of a private session. */
export function provePrivacy(t: Test, fixture: Fixture): void {
  t.test('[PROOF2] another engineer and an agent see nothing of a private session', async (t) => {
    const session = await askInPrivate(fixture)
    proveFramesHideWords(t, fixture, session)
    proveMetricsHideWords(t, fixture, session)
    proveReadsHideWords(t, fixture, session)
    proveUnknownIds(t, fixture, session)
  })
}

async function askInPrivate({ alice, bob, captain, model, event_id, getApiUrl }: Fixture): Promise<PrivateSession> {
  const earlyFollowers = [await bob.follow(getApiUrl(1), event_id), await captain.follow(getApiUrl(0), event_id)]
  const paused = model.pauseAfterFirstPiece(SECRET)
  const sendResult = (await alice.ask(getApiUrl(0), event_id, `is ${SECRET} ours?`)).body
  await paused.started
  const lateFollowers = [await bob.follow(getApiUrl(0), event_id), await captain.follow(getApiUrl(1), event_id)]
  paused.resume()
  await alice.waitForReply(getApiUrl(0), sendResult)
  const { session_id, user_message, ai_message } = sendResult
  const reply_id = ai_message.message_id
  const hiddenWords = [SECRET, session_id, user_message.message_id, reply_id]
  return { session_id, reply_id, hiddenWords, followers: [...earlyFollowers, ...lateFollowers] }
}

function proveFramesHideWords(t: Test, fixture: Fixture, { followers, hiddenWords }: PrivateSession): void {
  t.test('[PROOF2] no frame to others contains a word of a private session', async (t) => {
    t.equal((await postEndMarker(fixture, fixture.event_id)).status, 201)
    for (const follower of followers) {
      await follower.waitForFrame('the end marker', isRowWithText('end marker'))
      const received = JSON.stringify(follower.frames)
      for (const word of hiddenWords) t.notOk(received.includes(word), word)
      follower.close()
    }
  })
}

function proveMetricsHideWords(t: Test, { product, alice, event_id }: Fixture, { hiddenWords }: PrivateSession): void {
  t.test('[PROOF2] no metric contains a word of a private session', async (t) => {
    for (const { url } of [...product.apis, ...product.workers]) {
      const metrics = await (await fetch(`${url}/metrics`)).text()
      t.match(metrics, /^engineer_chat_/m)
      for (const word of [...hiddenWords, event_id, alice.user_id]) t.notOk(metrics.includes(word), word)
    }
  })
}

function proveReadsHideWords(
  t: Test,
  { bob, captain, admin, event_id, getApiUrl }: Fixture,
  { hiddenWords }: PrivateSession,
): void {
  t.test('[PROOF2] no response that others or an admin may read contains a word of a private session', async (t) => {
    for (const reader of [bob, captain, admin]) {
      for (const path of listReadPaths(event_id)) {
        const response = await reader.call(getApiUrl(1), 'GET', path)
        for (const word of hiddenWords) t.notOk(response.text.includes(word), `${path} does not contain ${word}`)
      }
    }
  })
}

function proveUnknownIds(
  t: Test,
  { bob, captain, admin, event_id, getApiUrl }: Fixture,
  session: PrivateSession,
): void {
  t.test('[PROOF2] to others an id of a private session looks like an id that does not exist', async (t) => {
    const unknownSessionId = 'chat_00000000_00000000'
    const unknownMessageId = '00000000-0000-7000-8000-000000000000'
    const calls = listCalls(event_id, session.session_id, session.reply_id)
    const unknownCalls = listCalls(event_id, unknownSessionId, unknownMessageId)
    for (const reader of [bob, captain, admin]) {
      const send = ({ method, path, body }: RouteCall) =>
        reader.call<{ code: string }>(getApiUrl(1), method, path, body)
      const responses = await Promise.all(calls.map(send))
      const unknownResponses = await Promise.all(unknownCalls.map(send))
      // The captain is an agent, and agents get 403 from the routes of the chat for every id.
      for (const { status } of responses) t.equal(status, reader === captain ? 403 : 404)
      t.same(
        responses.map(({ status, body }) => [status, body.code]),
        unknownResponses.map(({ status, body }) => [status, body.code]),
      )
    }
  })
}

/** Lists the paths of reads of a room that name no message and no session. */
function listReadPaths(event_id: string): string[] {
  return [
    `/api/events/${event_id}`,
    `/api/events/${event_id}/messages?limit=100`,
    `/api/engineer-chat/history?event_id=${event_id}`,
    `/api/engineer-chat/status?event_id=${event_id}`,
    `/api/engineer-chat/sessions?event_id=${event_id}`,
  ]
}

interface RouteCall {
  method: string
  path: string
  body?: unknown
}

/** Lists the calls that name a session or a message. */
function listCalls(event_id: string, session_id: string, message_id: string): RouteCall[] {
  const chat = '/api/engineer-chat'
  return [
    { method: 'GET', path: `${chat}/history?event_id=${event_id}&session_id=${session_id}` },
    { method: 'POST', path: `${chat}/send`, body: { event_id, session_id, message: 'mine?' } },
    { method: 'POST', path: `${chat}/messages/${message_id}/cancel` },
    { method: 'POST', path: `${chat}/messages/${message_id}/retry` },
    { method: 'PUT', path: `${chat}/messages/${message_id}/feedback`, body: { rating: 'up' } },
    { method: 'POST', path: `${chat}/sessions/${session_id}/share` },
  ]
}
