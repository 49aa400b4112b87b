import { openEvent, type Room, until } from '@engineer-chat/proof'
import type { Sent } from '@engineer-chat/protocol'

type Load = ReturnType<typeof startLoad>

export async function replaceApis({ product }: Room, load: Load): Promise<void> {
  for (const old of [...product.apis]) {
    await old.kill('SIGTERM')
    if ((await old.exited) !== 0) load.failed.push(`a node ended with ${await old.exited}`)
    product.apis.splice(product.apis.indexOf(old), 1)
    await product.startApi({ PORT: new URL(old.url).port })
    await load.more(5)
  }
}

/** Three askers, each in an event of its own for some questions, until told to end. */
export function startLoad(front: string, { alice }: Room) {
  const accepted: Sent[] = []
  const failed: unknown[] = []
  let isOn = true
  const ask = async (name: number) => {
    let event_id = ''
    for (let i = 0; isOn; i += 1) {
      const key = `roll-${name}-${i}`
      try {
        if (i % 8 === 0) event_id = await openEvent(front, alice)
        const answer = await alice.ask(front, event_id, key, { client_message_id: key })
        if (answer.status === 200) accepted.push(answer.body)
        else failed.push(answer)
      } catch (error) {
        failed.push(error)
      }
    }
  }
  const askers = [ask(0), ask(1), ask(2)]
  return {
    accepted,
    failed,
    more(count: number) {
      const enough = accepted.length + count
      return until(`${enough} questions`, () => accepted.length >= enough || failed.length > 0)
    },
    async end() {
      isOn = false
      await Promise.all(askers)
    },
    async unanswered() {
      const ids: string[] = []
      for (const sent of accepted) {
        const reply = await alice.answerTo(front, sent)
        if (reply.message_type !== 'chat') ids.push(reply.message_id)
      }
      return ids
    },
  }
}
