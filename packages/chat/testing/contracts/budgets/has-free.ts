import type { Stores } from '../../../src/stores.ts'
import { aPlace, type Place, question } from '../harness.ts'

/** Returns true if the owner can reserve this many tokens and not one more. It cancels its questions at once. */
export async function hasFree(stores: Stores, place: Place, tokens: number): Promise<boolean> {
  const elsewhere = { ...place, event_id: (await aPlace(stores)).event_id }
  return (await canReserve(stores, elsewhere, tokens)) && !(await canReserve(stores, elsewhere, tokens + 1))
}

async function canReserve({ messages }: Stores, place: Place, tokens: number): Promise<boolean> {
  const result = await messages.ask(question(place, { reservation: { tokens, micros: 0 } })).catch(() => null)
  if (result) await messages.cancel(place.owner, result.reply.message.message_id)
  return result !== null
}
