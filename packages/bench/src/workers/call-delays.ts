import { waitUntil } from '@engineer-chat/proof'
import type { BulkDatabase } from '../database/bulk-database.ts'
import { HttpConnection } from '../load/http-connection.ts'
import type { LaunchedProcess } from '../processes/launch.ts'
import { createQuestions } from '../send/requests.ts'
import { readMachineClockMs } from '../socket-clients/requests.ts'

/** Measures the milliseconds from a question's status 200 until the provider is called, one question at a time. */
export async function measureCallDelays(
  {
    database,
    api,
    providerCalls,
  }: { database: BulkDatabase; api: LaunchedProcess; providerCalls: Map<string, number> },
  samples: number,
): Promise<number[]> {
  const { createRequest } = createQuestions(database.users, await database.createRooms(1), (index) => `marker-${index}`)
  const connection = await HttpConnection.open(api.url)
  const delaysMs: number[] = []
  providerCalls.clear()
  for (let sample = 1; sample <= samples; sample++) {
    if ((await connection.send(createRequest())) !== 200) throw new Error('A question was not accepted.')
    const acceptedAtMs = readMachineClockMs()
    const calledAtMs = await waitUntil('the provider is called', () => providerCalls.get(String(sample)))
    delaysMs.push(Math.max(0, calledAtMs - acceptedAtMs)) // The provider may be called before the response arrives here.
  }
  connection.close()
  return delaysMs
}
