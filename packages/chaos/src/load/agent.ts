import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'
import type { Caller } from './caller.ts'
import { type Ledger, newWord } from './ledger.ts'

/** Reports to the rooms, and says now and then how things stand. */
export async function agent(
  who: Caller,
  { events, ledger, random, stop }: { events: string[]; ledger: Ledger; random: Random; stop: AbortSignal },
): Promise<void> {
  while (!stop.aborted) {
    const event_id = random.pick(events)
    if (random.chance(0.1)) {
      const summary = { round_id: 1, event_summary: `as of ${newWord('zp')}`, event_suggestion: 'go on' }
      await who.insist('POST', `/api/events/${event_id}/summaries`, summary)
    } else {
      const said = { word: newWord('zp'), event_id, accepted: false }
      ledger.posts.push(said)
      // Not repeated when nobody knows what became of it: an agent's post has no key.
      const { status } = await who.call('POST', `/api/events/${event_id}/messages`, {
        message_from: random.pick(['_captain', '_operator', '_expert']),
        message_type: 'command_result',
        message_content: { content: `found ${said.word}` },
      })
      said.accepted = status === 201
    }
    await who.call('GET', `/api/events/${event_id}/messages?limit=100`)
    await sleep(random.between(200, 1_500))
  }
}
