import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openEvent, openRoom, startModel } from '@engineer-chat/proof'
import t, { type Test } from 'tap'

/** A file with a model that nobody serves, one that works, and a domain's own, each with its fallbacks. */
async function modelsFile(t: Test, url: string): Promise<string> {
  const model = (id: string, endpoint: string, fallbacks: string[], more: object = {}) => ({
    ...{ id, provider: 'openai-compatible', endpoint, fallbacks, parameters: { max_tokens: 616 } },
    ...more,
  })
  const models = [
    model('dead', 'http://127.0.0.1:9/v1', ['live', 'offline']),
    model('live', url, ['offline']),
    model('alone', url, []),
    model('finance', url, [], { model: 'finance-7b', choose_for: [{ source: ['core-banking'] }] }),
  ]
  const path = join(t.testdir({}), 'models.json')
  await writeFile(path, JSON.stringify({ default: 'dead', models }))
  return path
}

t.test('several models, in real processes', async (t) => {
  const model = await startModel()
  t.teardown(() => model.close())
  const env = {
    LLM_BASE_URL: '',
    LLM_MODELS_FILE: await modelsFile(t, model.url),
    LLM_BUDGET_EVENT_TOKENS: '60000',
  }
  const room = await openRoom({ apis: 2, workers: 1, env })
  t.teardown(() => room.stop())
  const { alice } = room
  const answer = async (event_id: string, message: string, more: Record<string, unknown> = {}) => {
    const sent = await alice.ask(room.at(0), event_id, message, more)
    if (sent.status !== 200) throw new Error(`${sent.status} ${sent.text}`)
    return alice.answerTo(room.at(1), sent.body)
  }

  t.test('[LLM8] with a dead model its fallback answers, and says so', async (t) => {
    const { message_type, message_content } = await answer(room.event_id, 'what now?')
    t.equal(message_type, 'chat')
    t.match(message_content, {
      content: 'Answer to: what now?',
      model: 'fake-1',
      finish_reason: 'fallback',
      fallback: { from: 'dead', code: 'llm_unreachable' },
    })
  })

  t.test(
    '[LLM9] with every model failing the offline analyst gives the facts; a chain without it ends as an error',
    async (t) => {
      model.fail('nobody-answers', 401, 10)
      const offline = await answer(room.event_id, 'nobody-answers: what should we contain?')
      t.match(offline.message_content, {
        content: /No language model could answer just now.*dead.*live.*198\.51\.100\.23/s,
        finish_reason: 'fallback',
      })
      t.notMatch(JSON.stringify(offline), /secret of the host/)
      t.match(await answer(room.event_id, 'nobody-answers', { model: 'alone' }), {
        message_type: 'error',
        message_content: { error: { code: 'llm_unauthorized' } },
      })
    },
  )

  t.test('[LLM3] [LLM4] the model that is named answers, and the one that an event’s source chooses', async (t) => {
    t.match((await answer(room.event_id, 'by name', { model: 'live' })).message_content, { finish_reason: 'stop' })
    const event_id = await openEvent(room.at(0), alice, { source: 'Core-Banking' })
    t.match((await answer(event_id, 'by rule')).message_content, { finish_reason: 'stop' })
    t.match(model.calls.at(-1)?.prompt, /"model":"finance-7b"/)
    t.match(await alice.ask(room.at(0), event_id, 'x', { model: 'gpt' }), {
      status: 400,
      body: { code: 'model_unknown' },
    })
  })

  t.test(
    '[SPEND8] questions raced over two nodes: what is over the event’s budget is a 429, and all else is answered',
    async (t) => {
      const held = model.hold('first in line')
      const event_id = await openEvent(room.at(0), alice)
      const asked = await Promise.all(
        Array.from({ length: 8 }, (_, n) => alice.ask(room.at(n % 2), event_id, 'first in line', { model: 'live' })),
      )
      const refused = asked.filter(({ status }) => status !== 200)
      t.ok(refused.length >= 4, `${refused.length} refused`)
      for (const answer of refused) t.match(answer, { status: 429, body: { code: 'budget_exceeded' } })
      held.release()
      for (const { status, body } of asked)
        if (status === 200) t.equal((await alice.answerTo(room.at(0), body)).message_type, 'chat')
      t.match(
        await alice.ask(room.at(0), event_id, 'and now?', { model: 'live' }),
        { status: 200 },
        'what was held is free',
      )
    },
  )
})
