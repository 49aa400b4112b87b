import { waitUntil } from '@engineer-chat/proof'
import { machineNow } from '../crowd/protocol.ts'
import { HttpConnection } from '../load/http-connection.ts'
import type { Launched } from '../processes/launch.ts'
import { createQuestions } from '../send/requests.ts'
import type { World } from '../world/world.ts'

/** Measures the milliseconds from a question's status 200 until the provider is called, one question at a time. */
export async function measurePickUps(
  { world, api, providerCalls }: { world: World; api: Launched; providerCalls: Map<string, number> },
  samples: number,
): Promise<number[]> {
  const { request } = createQuestions(world.askers, await world.openRooms(1), (index) => `pick-up-${index}`)
  const connection = await HttpConnection.open(api.url)
  const delays: number[] = []
  providerCalls.clear()
  for (let sample = 1; sample <= samples; sample++) {
    if ((await connection.send(request())) !== 200) throw new Error('not accepted')
    const accepted_at = machineNow()
    const at = await waitUntil('the provider is asked', () => providerCalls.get(String(sample)))
    delays.push(Math.max(0, at - accepted_at)) // The provider may be called before the answer arrives here.
  }
  connection.close()
  return delays
}
