import { startFixture, waitUntil } from '@engineer-chat/proof'
import t, { test } from 'tap'
import { replaceApis, startLoad } from './load.ts'
import { nginx } from './reverse-proxies.ts'

t.setTimeout(240_000) // The test starts several processes, which takes long on a busy machine.

test('[OPS2] behind nginx no request fails and no reply is lost while every process is replaced under load', {
  skip: nginx.program === undefined && 'nginx is not installed',
  timeout: 230_000,
}, async (t) => {
  const fixture = await startFixture({ apis: 2, workers: 2, env: { TRUSTED_PROXIES: '127.0.0.1' } })
  t.teardown(() => fixture.stop())
  const proxyUrl = await nginx.start(
    t,
    fixture.product.apis.map(({ url }) => url),
  )
  const load = startLoad(proxyUrl, fixture)
  await load.waitForMoreAccepted(10)
  await replaceApis(fixture, load)
  const { product } = fixture
  for (const oldWorker of [...product.workers]) {
    await product.startWorker()
    await oldWorker.kill('SIGTERM')
    t.equal(await oldWorker.exited, 0)
    product.workers.splice(product.workers.indexOf(oldWorker), 1)
    await load.waitForMoreAccepted(5)
  }
  await load.stop()
  t.same(load.failures, [], `none of ${load.accepted.length} failed`)
  t.same(await load.listUnanswered(), [])
})

test('[ANSWER9] during a rolling restart of the workers, the model gets each question once', {
  timeout: 230_000,
}, async (t) => {
  const fixture = await startFixture({ apis: 1, workers: 2 })
  t.teardown(() => fixture.stop())
  const { product, model } = fixture
  const paused = model.pauseAfterFirstDelta('roll-0-0') // This is the first question of the load.
  const load = startLoad(fixture.getApiUrl(0), fixture)
  await paused.started
  const oldWorkers = product.workers.splice(0)
  for (const oldWorker of oldWorkers) {
    await product.startWorker()
    void oldWorker.kill('SIGTERM')
    await waitUntil('the worker is closing', () =>
      oldWorker.log.some((line) => line.includes('EngineerChat.worker_closing')),
    )
    await load.waitForMoreAccepted(20)
  }
  paused.resume()
  for (const { exited } of oldWorkers) t.equal(await exited, 0)
  await load.stop()
  t.same(load.failures, [], `none of ${load.accepted.length} failed`)
  t.same(await load.listUnanswered(), [])
  const questions = model.calls.map(({ question }) => question)
  t.same(listRepeated(questions), [])
  t.equal(questions.length, load.accepted.length)
})

const listRepeated = (texts: readonly string[]) => texts.filter((text, index) => texts.indexOf(text) !== index)
