import { Socket } from 'node:net'
import { setImmediate as waitForNextTurn } from 'node:timers/promises'
import t from 'tap'
import { Outbox } from '../../src/sockets/connection/socket-outbox.ts'
import { WriteBatch } from '../../src/sockets/connection/write-batch.ts'

function openOutbox() {
  const written: string[] = []
  const write = (frame: Buffer) => {
    written.push(String(frame))
    return true // The buffer of the socket is not full.
  }
  const socket = Object.assign(new Socket(), { write })
  const owner = { isOpen: true, closeForSlowness() {}, onDrained() {} }
  const limits = { congestionThresholdBytes: 10, maxWaitingBytes: 20 }
  return { written, owner, outbox: new Outbox({ socket, batch: new WriteBatch(), limits, owner }) }
}

t.test('[WS37] the frames of a tick are written in order, at its end or by a flush', async (t) => {
  const { written, outbox } = openOutbox()
  for (const text of ['a', 'b', 'c']) outbox.send(Buffer.from(text))
  t.same(written, [])
  await waitForNextTurn()
  t.same(written, ['a', 'b', 'c'])
  outbox.send(Buffer.from('d'))
  outbox.flush()
  t.same(written, ['a', 'b', 'c', 'd'])
  await waitForNextTurn()
  t.equal(written.length, 4, 'no frame is written again')
})

t.test('[WS37] nothing is written to a socket that closed before the end of the tick', async (t) => {
  const { written, owner, outbox } = openOutbox()
  outbox.send(Buffer.from('a'))
  owner.isOpen = false
  await waitForNextTurn()
  t.same(written, [])
})

t.test('[WS24] bytes that wait for the end of the tick count towards both limits of the buffer', async (t) => {
  const { owner, outbox } = openOutbox()
  let closeCount = 0
  owner.closeForSlowness = () => {
    closeCount += 1
  }
  outbox.send(Buffer.alloc(10))
  t.equal(outbox.isCongested, false)
  outbox.send(Buffer.alloc(10))
  t.equal(outbox.isCongested, true)
  t.equal(closeCount, 0)
  outbox.send(Buffer.alloc(1))
  t.equal(closeCount, 1)
})
