import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'
import type { Caller } from './caller.ts'
import { createMarker, type Ledger } from './ledger.ts'

/**
 * Acts as an agent until `signal` is aborted: posts findings and sometimes a summary into the rooms, and reads their
 * messages.
 */
export async function runAgent(
  caller: Caller,
  { eventIds, ledger, random, signal }: { eventIds: string[]; ledger: Ledger; random: Random; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    const event_id = random.pick(eventIds)
    if (random.drawBoolean(0.1)) {
      const summary = { round_id: 1, event_summary: `as of ${createMarker('post')}`, event_suggestion: 'go on' }
      await caller.callWithRetries('POST', `/api/events/${event_id}/summaries`, summary)
    } else {
      const post = { marker: createMarker('post'), event_id, accepted: false }
      ledger.posts.push(post)
      // An agent's post has no idempotency key, so it is not sent again when its outcome is unknown.
      const { status } = await caller.call('POST', `/api/events/${event_id}/messages`, {
        message_from: random.pick(['_captain', '_operator', '_expert']),
        message_type: 'command_result',
        message_content: { content: `found ${post.marker}` },
      })
      post.accepted = status === 201
    }
    await caller.call('GET', `/api/events/${event_id}/messages?limit=100`)
    await sleep(random.drawInteger(200, 1_500))
  }
}
