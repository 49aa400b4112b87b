import { startFixture, waitUntil } from '@engineer-chat/proof'
import t from 'tap'

interface LogLine extends Record<string, unknown> {
  event: string
}

t.test('what operators see of real processes while parts of the product are down', async (t) => {
  const fixture = await startFixture({ apis: 1, workers: 1 })
  t.teardown(() => fixture.stop())
  const { alice, event_id, product } = fixture
  const readMetrics = async () => (await fetch(`${fixture.getApiUrl(0)}/metrics`)).text()
  const findLine = (eventName: string): LogLine | undefined =>
    [...product.apis, ...product.workers]
      .flatMap(({ log }) => log)
      .filter((line) => line.startsWith('{'))
      .map((line): LogLine => JSON.parse(line))
      .find(({ event }) => event === `EngineerChat.${eventName}`)

  t.test('[TRACE1] each log line of a question, from request to delivery, names question and reply', async (t) => {
    const follower = await alice.follow(fixture.getApiUrl(0), event_id)
    const { user_message, ai_message } = (await alice.ask(fixture.getApiUrl(0), event_id, 'who works?')).body
    const ids = { question_id: user_message.message_id, reply_id: ai_message.message_id, user_id: alice.user_id }
    await waitUntil('the node has logged the delivery', () => findLine('reply_delivered'))

    const request_id = findLine('message_sent')?.request_id

    t.type(request_id, 'string')
    for (const name of ['message_sent', 'reply_claimed', 'llm_call_ended', 'reply_finished'])
      t.match(await waitUntil(name, () => findLine(name)), { ...ids, request_id }, name)
    t.match(findLine('reply_delivered'), ids)
    follower.close()
  })

  t.test('[METRIC8] an API node shows the backlog even if no worker runs', async (t) => {
    await product.workers.pop()?.kill()
    await alice.ask(fixture.getApiUrl(0), event_id, 'does nobody work?')

    const text = await waitUntil('the metric shows an age above 0', async () => {
      const metrics = await readMetrics()
      const isAgeShown = /^engineer_chat_oldest_reply_age_seconds\{component="api"\} (?!0$)/m.test(metrics)
      return isAgeShown && metrics
    })

    t.match(text, /^engineer_chat_replies_unfinished\{component="api"\} 1$/m)
  })

  t.test('[METRIC3] while MySQL hangs, a scrape leaves out the backlog and contains the other metrics', async (t) => {
    process.kill(product.mysql.pid, 'SIGSTOP')
    t.teardown(() => process.kill(product.mysql.pid, 'SIGCONT'))

    const startedAtMs = performance.now()
    const text = await readMetrics()

    t.ok(performance.now() - startedAtMs < 9_000, 'Prometheus waits 10 s for a scrape')
    t.notMatch(text, /^engineer_chat_replies_unfinished\{/m)
    t.match(text, /^engineer_chat_redis_up\{component="api"\} 1$/m)
  })
})
