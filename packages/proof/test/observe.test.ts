import { startFixture, waitUntil } from '@engineer-chat/proof'
import t from 'tap'

t.test('what operators see of real processes while parts of the product are away', async (t) => {
  const fixture = await startFixture({ apis: 1, workers: 1 })
  t.teardown(() => fixture.stop())
  const { alice, event_id, product } = fixture
  const readMetrics = async () => (await fetch(`${fixture.getApiUrl(0)}/metrics`)).text()
  const listLines = ({ log }: { log: string[] }): Array<Record<string, unknown>> =>
    log.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))

  t.test('[METRIC8] without a worker an API node shows the backlog', async (t) => {
    await product.workers.pop()?.kill()
    await alice.ask(fixture.getApiUrl(0), event_id, 'who works?')

    const text = await waitUntil('the backlog has an age', async () => {
      const shown = await readMetrics()
      return /^engineer_chat_oldest_reply_age_seconds\{component="api"\} (?!0$)/m.test(shown) && shown
    })

    t.match(text, /^engineer_chat_replies_unfinished\{component="api"\} 1$/m)
  })

  t.test('[TRACE1] the worker that comes names the request, the question and the reply', async (t) => {
    const follower = await alice.follow(fixture.getApiUrl(0), event_id)
    const worker = await product.startWorker()

    const finished = await waitUntil('the reply is finished', () =>
      listLines(worker).find(({ event }) => event === 'EngineerChat.reply_finished'),
    )

    const [api] = product.apis
    const [sent, delivered] = await waitUntil('the node has told what it did', () => {
      const lines = api ? listLines(api) : []
      const found = ['message_sent', 'reply_delivered'].flatMap(
        (name) => lines.find(({ event }) => event === `EngineerChat.${name}`) ?? [],
      )
      return found.length === 2 && found
    })
    const { request_id, question_id, reply_id, user_id }: Record<string, unknown> = sent ?? {}
    t.match([request_id, question_id, reply_id], [String, String, String])
    t.match(finished, { request_id, question_id, reply_id, user_id })
    t.match(delivered, { question_id, reply_id, user_id })
    follower.close()
  })

  t.test('[METRIC3] while MySQL hangs, a scrape leaves the backlog out and has the rest', async (t) => {
    process.kill(product.mysql.pid, 'SIGSTOP')
    t.teardown(() => process.kill(product.mysql.pid, 'SIGCONT'))

    const startedAtMs = performance.now()
    const text = await readMetrics()

    t.ok(performance.now() - startedAtMs < 9_000, 'before Prometheus gives it up')
    t.notMatch(text, /^engineer_chat_replies_unfinished\{/m)
    t.match(text, /^engineer_chat_redis_up\{component="api"\} 1$/m)
  })
})
