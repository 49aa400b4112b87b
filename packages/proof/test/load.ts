import { type Fixture, openEvent, waitUntil } from '@engineer-chat/proof'
import type { SendResult } from '@engineer-chat/protocol'

type Load = ReturnType<typeof startLoad>

export async function replaceApis({ product }: Fixture, load: Load): Promise<void> {
  for (const oldNode of [...product.apis]) {
    await oldNode.kill('SIGTERM')
    if ((await oldNode.exited) !== 0) load.failed.push(`a node ended with ${await oldNode.exited}`)
    product.apis.splice(product.apis.indexOf(oldNode), 1)
    await product.startApi({ PORT: new URL(oldNode.url).port })
    await load.waitForMore(5)
  }
}

/** Starts three loops that ask questions until `stop`. Each opens an event of its own for every eight questions. */
export function startLoad(proxyUrl: string, { alice }: Fixture) {
  const accepted: SendResult[] = []
  const failed: unknown[] = []
  let isRunning = true
  const askUntilStopped = async (asker: number) => {
    let event_id = ''
    for (let i = 0; isRunning; i += 1) {
      const key = `roll-${asker}-${i}`
      try {
        if (i % 8 === 0) event_id = await openEvent(proxyUrl, alice)
        const answer = await alice.ask(proxyUrl, event_id, key, { client_message_id: key })
        if (answer.status === 200) accepted.push(answer.body)
        else failed.push(answer)
      } catch (error) {
        failed.push(error)
      }
    }
  }
  const askers = [askUntilStopped(0), askUntilStopped(1), askUntilStopped(2)]
  return {
    accepted,
    failed,
    waitForMore(count: number) {
      const target = accepted.length + count
      return waitUntil(`${target} questions`, () => accepted.length >= target || failed.length > 0)
    },
    async stop() {
      isRunning = false
      await Promise.all(askers)
    },
    async listUnanswered() {
      const ids: string[] = []
      for (const sent of accepted) {
        const reply = await alice.waitForReply(proxyUrl, sent)
        if (reply.message_type !== 'chat') ids.push(reply.message_id)
      }
      return ids
    },
  }
}
