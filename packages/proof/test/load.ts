import { type Fixture, openEvent, waitUntil } from '@engineer-chat/proof'
import type { SendResult } from '@engineer-chat/protocol'

type Load = ReturnType<typeof startLoad>

/**
 * Replaces the API nodes one after another, each at its own port, while the load continues. A node that does not end
 * with 0 counts as a failure of the load.
 */
export async function replaceApis({ product }: Fixture, load: Load): Promise<void> {
  for (const oldNode of [...product.apis]) {
    await oldNode.kill('SIGTERM')
    if ((await oldNode.exited) !== 0) load.failures.push(`a node ended with ${await oldNode.exited}`)
    product.apis.splice(product.apis.indexOf(oldNode), 1)
    await product.startApi({ PORT: new URL(oldNode.url).port })
    await load.waitForMore(5)
  }
}

/**
 * Starts three loops that ask questions until `stop`. Each loop asks eight questions in one event, then opens another.
 */
export function startLoad(proxyUrl: string, { alice }: Fixture) {
  const accepted: SendResult[] = []
  const failures: unknown[] = []
  let isRunning = true
  const askUntilStopped = async (loop: number) => {
    let event_id = ''
    for (let i = 0; isRunning; i += 1) {
      const key = `roll-${loop}-${i}`
      try {
        if (i % 8 === 0) event_id = await openEvent(proxyUrl, alice)
        const response = await alice.ask(proxyUrl, event_id, key, { client_message_id: key })
        if (response.status === 200) accepted.push(response.body)
        else failures.push(response)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  const loops = [askUntilStopped(0), askUntilStopped(1), askUntilStopped(2)]
  return {
    accepted,
    failures,
    /** Waits until this number of further questions is accepted, or until there is a failure. */
    waitForMore(count: number) {
      const target = accepted.length + count
      return waitUntil(`${target} questions are accepted`, () => accepted.length >= target || failures.length > 0)
    },
    async stop() {
      isRunning = false
      await Promise.all(loops)
    },
    /** Waits until all accepted questions have a final reply. Lists the ids of those replies that are no answers. */
    async listUnanswered() {
      const ids: string[] = []
      for (const sendResult of accepted) {
        const reply = await alice.waitForReply(proxyUrl, sendResult)
        if (reply.message_type !== 'chat') ids.push(reply.message_id)
      }
      return ids
    },
  }
}
