import type { Stores } from '../../../src/stores.ts'
import { aPlace, aQuestion, type Place } from '../harness.ts'

/** Returns true if the owner's budget has exactly this many free tokens. It asks questions and cancels them. */
export async function hasExactlyFree(stores: Stores, place: Place, tokens: number): Promise<boolean> {
  const elsewhere = { ...place, event_id: (await aPlace(stores)).event_id }
  return (await canReserve(stores, elsewhere, tokens)) && !(await canReserve(stores, elsewhere, tokens + 1))
}

async function canReserve({ messages }: Stores, place: Place, tokens: number): Promise<boolean> {
  const result = await messages.ask(aQuestion(place, { reservation: { tokens, micros: 0 } })).catch(() => null)
  if (result) await messages.cancel(place.owner, result.reply.message.message_id)
  return result !== null
}
