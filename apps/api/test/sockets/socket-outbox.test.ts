import { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { Outbox } from '../../src/sockets/connection/socket-outbox.ts'
import { WriteBatch } from '../../src/sockets/connection/write-batch.ts'

function openOutbox() {
  const written: string[] = []
  const socket = Object.assign(new Socket(), { write: (frame: Buffer) => written.push(String(frame)) > 0 })
  const owner = { isOpen: true, closeForSlowness() {}, onDrained() {} }
  const limits = { softBufferBytes: 10, hardBufferBytes: 20 }
  return { written, owner, outbox: new Outbox({ socket, batch: new WriteBatch(), limits, owner }) }
}

t.test('[WS37] a tick’s frames leave in their order, at its end or before the close', async (t) => {
  const { written, outbox } = openOutbox()
  for (const text of ['a', 'b', 'c']) outbox.send(Buffer.from(text))
  t.same(written, [])
  await turn()
  t.same(written, ['a', 'b', 'c'])
  outbox.send(Buffer.from('d'))
  outbox.flush()
  t.same(written, ['a', 'b', 'c', 'd'])
  await turn()
  t.equal(written.length, 4, 'once')
})

t.test('[WS37] whose socket closes meanwhile is written nothing more', async (t) => {
  const { written, owner, outbox } = openOutbox()
  outbox.send(Buffer.from('a'))
  owner.isOpen = false
  await turn()
  t.same(written, [])
})

t.test('[WS24] what waits for the end of the tick counts, up to each bound', async (t) => {
  const { owner, outbox } = openOutbox()
  let closed = 0
  owner.closeForSlowness = () => {
    closed += 1
  }
  outbox.send(Buffer.alloc(10))
  t.equal(outbox.isCongested, false)
  outbox.send(Buffer.alloc(10))
  t.equal(outbox.isCongested, true)
  t.equal(closed, 0)
  outbox.send(Buffer.alloc(1))
  t.equal(closed, 1)
})
