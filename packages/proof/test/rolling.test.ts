import { openRoom } from '@engineer-chat/proof'
import { test } from 'tap'
import { nginx } from './front.ts'
import { replaceApis, startLoad } from './load.ts'

test('[OPS2] behind nginx every node is replaced under load: no request fails, no reply is lost', {
  skip: nginx.program === undefined && 'nginx is not installed',
  timeout: 110_000,
}, async (t) => {
  const room = await openRoom({ apis: 2, workers: 2, env: { TRUSTED_PROXIES: '127.0.0.1' } })
  t.teardown(() => room.stop())
  const load = startLoad(
    await nginx.start(
      t,
      room.product.apis.map(({ url }) => url),
    ),
    room,
  )
  await load.waitForMore(10)
  await replaceApis(room, load)
  const { product } = room
  for (const old of [...product.workers]) {
    await product.startWorker()
    await old.kill('SIGTERM')
    t.equal(await old.exited, 0)
    product.workers.splice(product.workers.indexOf(old), 1)
    await load.waitForMore(5)
  }
  await load.stop()
  t.same(load.failed, [], `none of ${load.accepted.length} failed`)
  t.same(await load.listUnanswered(), [])
})
