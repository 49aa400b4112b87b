import { createEventAs, type Fixture, waitUntil } from '@engineer-chat/proof'
import type { SendResult } from '@engineer-chat/protocol'

type Load = ReturnType<typeof startLoad>

/**
 * Replaces the API nodes one after another while the load continues. A new node has the port of the old one. An old
 * node that does not end with 0 counts as a failure of the load.
 */
export async function replaceApis({ product }: Fixture, load: Load): Promise<void> {
  for (const oldNode of [...product.apis]) {
    await oldNode.kill('SIGTERM')
    if ((await oldNode.exited) !== 0) load.failures.push(`a node ended with ${await oldNode.exited}`)
    product.apis.splice(product.apis.indexOf(oldNode), 1)
    const newNode = await product.startApi({ PORT: new URL(oldNode.url).port })
    // A busy proxy may learn late that the new node is ready. Until then the next node must not end.
    await waitUntil(
      'the new node has answered a request of the load',
      async () => load.failures.length > 0 || (await hasAnsweredPost(newNode.url)),
    )
    await load.waitForMoreAccepted(5)
  }
}

const POST_ANSWERED = /^engineer_chat_api_response_duration_seconds_count\{[^}]*method="POST"[^}]*\} [1-9]/m

const hasAnsweredPost = async (nodeUrl: string): Promise<boolean> =>
  POST_ANSWERED.test(await (await fetch(`${nodeUrl}/metrics`)).text())

/** A session has at most ten rounds, so each loop opens another event after this number of questions. */
const QUESTIONS_PER_EVENT = 8

/** Starts three loops that ask questions until `stop`. */
export function startLoad(baseUrl: string, { alice }: Fixture) {
  const accepted: SendResult[] = []
  const failures: unknown[] = []
  let isRunning = true
  const askUntilStopped = async (loop: number) => {
    let event_id = ''
    for (let i = 0; isRunning; i += 1) {
      const key = `roll-${loop}-${i}`
      try {
        if (i % QUESTIONS_PER_EVENT === 0) event_id = await createEventAs(baseUrl, alice)
        const response = await alice.ask(baseUrl, event_id, key, { client_message_id: key })
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
    waitForMoreAccepted(count: number) {
      const target = accepted.length + count
      return waitUntil(`${target} questions are accepted`, () => accepted.length >= target || failures.length > 0)
    },
    async stop() {
      isRunning = false
      await Promise.all(loops)
    },
    /** Waits until all accepted questions have a final reply. Lists the ids of the replies that are not answers. */
    async listUnanswered() {
      const ids: string[] = []
      for (const sendResult of accepted) {
        const reply = await alice.waitForReply(baseUrl, sendResult)
        if (reply.message_type !== 'chat') ids.push(reply.message_id)
      }
      return ids
    },
  }
}
