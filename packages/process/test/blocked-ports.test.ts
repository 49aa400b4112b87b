import { test } from 'tap'
import { BLOCKED_PORTS, findBlockedPort } from '../src/blocked-ports.ts'

const HIGHEST_TESTED_PORT = 12_000

/** Sends a request to this port through a dispatcher that opens no connection. */
async function isRefusedByFetch(port: number): Promise<boolean> {
  const dispatcher = {
    dispatch: () => {
      throw new Error('dispatched')
    },
  }
  const response: Promise<unknown> = Reflect.apply(fetch, undefined, [`http://127.0.0.1:${port}`, { dispatcher }])
  const error = await response.catch((error: unknown) => error)
  return error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port'
}

test('[RUN13] the blocked ports are those that fetch refuses', async (t) => {
  const refused: number[] = []
  for (let port = 1; port <= HIGHEST_TESTED_PORT; port += 1) if (await isRefusedByFetch(port)) refused.push(port)
  t.strictSame(BLOCKED_PORTS, refused)
})

test('[RUN13] the first blocked port of several is found', (t) => {
  t.equal(findBlockedPort([5_998, 5_999, 6_000, 6_001, 6_566]), 6_000)
  t.equal(findBlockedPort([5_007, 8_080, 80, 443]), undefined)
  t.end()
})
