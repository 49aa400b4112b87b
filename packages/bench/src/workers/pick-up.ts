import { until } from '@engineer-chat/proof'
import { machineNow } from '../crowd/protocol.ts'
import { HttpConnection } from '../load/http-connection.ts'
import type { Launched } from '../processes/launch.ts'
import { questions } from '../send/requests.ts'
import type { World } from '../world/world.ts'

/** From a question's 200 to the moment when the provider is asked, one question at a time: milliseconds each. */
export async function measurePickUps(
  { world, api, asked }: { world: World; api: Launched; asked: Map<string, number> },
  samples: number,
): Promise<number[]> {
  const { request } = questions(world.askers, await world.openRooms(1), (index) => `pick-up-${index}`)
  const connection = await HttpConnection.open(api.url)
  const delays: number[] = []
  asked.clear()
  for (let sample = 1; sample <= samples; sample++) {
    if ((await connection.send(request())) !== 200) throw new Error('not accepted')
    const accepted_at = machineNow()
    const at = await until('the provider is asked', () => asked.get(String(sample)))
    delays.push(Math.max(0, at - accepted_at)) // it may be asked before the answer is here
  }
  connection.close()
  return delays
}
