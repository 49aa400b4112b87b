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

async function askInPrivate({ alice, bob, agent, model, event_id, getApiUrl }: Fixture): Promise<PrivateSession> {
  const earlyFollowers = [await bob.follow(getApiUrl(1), event_id), await agent.follow(getApiUrl(0), event_id)]
  const paused = model.pauseAfterFirstDelta(SECRET)
  const sendResult = (await alice.ask(getApiUrl(0), event_id, `is ${SECRET} ours?`)).body
  await paused.started
  const lateFollowers = [await bob.follow(getApiUrl(0), event_id), await agent.follow(getApiUrl(1), event_id)]
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
  { bob, agent, admin, event_id, getApiUrl }: Fixture,
  { hiddenWords }: PrivateSession,
): void {
  t.test('[PROOF2] no response that others or an admin may read contains a word of a private session', async (t) => {
    for (const reader of [bob, agent, admin]) {
      for (const path of listReadPaths(event_id)) {
        const response = await reader.call(getApiUrl(1), 'GET', path)
        for (const word of hiddenWords) t.notOk(response.text.includes(word), `${path} does not contain ${word}`)
      }
    }
  })
}

function proveUnknownIds(t: Test, { bob, agent, admin, event_id, getApiUrl }: Fixture, session: PrivateSession): void {
  t.test('[PROOF2] others get the same response for an id of a private session as for an unknown id', async (t) => {
    const unknownSessionId = 'chat_00000000_00000000'
    const unknownMessageId = '00000000-0000-7000-8000-000000000000'
    const calls = listCalls(event_id, session.session_id, session.reply_id)
    const unknownCalls = listCalls(event_id, unknownSessionId, unknownMessageId)
    for (const reader of [bob, agent, admin]) {
      const send = ({ method, path, body }: RouteCall) =>
        reader.call<{ code: string }>(getApiUrl(1), method, path, body)
      const responses = await Promise.all(calls.map(send))
      const unknownResponses = await Promise.all(unknownCalls.map(send))
      // Agents get 403 from the routes of the chat for every id.
      for (const { status } of responses) t.equal(status, reader === agent ? 403 : 404)
      t.same(
        responses.map(({ status, body }) => [status, body.code]),
        unknownResponses.map(({ status, body }) => [status, body.code]),
      )
    }
  })
}

/** Lists the paths by which a room is read without the id of a message or a session. */
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
  const chatPath = '/api/engineer-chat'
  return [
    { method: 'GET', path: `${chatPath}/history?event_id=${event_id}&session_id=${session_id}` },
    { method: 'POST', path: `${chatPath}/send`, body: { event_id, session_id, message: 'mine?' } },
    { method: 'POST', path: `${chatPath}/messages/${message_id}/cancel` },
    { method: 'POST', path: `${chatPath}/messages/${message_id}/retry` },
    { method: 'PUT', path: `${chatPath}/messages/${message_id}/feedback`, body: { rating: 'up' } },
    { method: 'POST', path: `${chatPath}/sessions/${session_id}/share` },
  ]
}
