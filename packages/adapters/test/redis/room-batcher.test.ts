import { mock } from 'node:test'
import t, { type Test } from 'tap'
import { createRoomBatcher } from '../../src/redis/streaming/room-batcher.ts'

/** Groups the items by the millisecond at which they were flushed. */
function createBatcher(t: Test) {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  let now = 0
  const flushed: Array<[number, string[]]> = []
  const { add, remove } = createRoomBatcher<string>(
    (items) => flushed.push([now, [...items]]),
    () => now,
  )
  const advanceTo = (ms: number) => {
    for (; now < ms; now += 1, mock.timers.tick(1));
  }
  return { add, remove, advanceTo, flushed }
}

t.test('[HINT7] texts of a room are sent at most 50 ms after the first of them', async (t) => {
  const { add, advanceTo, flushed } = createBatcher(t)
  advanceTo(3)
  add('room', 'one')
  advanceTo(49)
  add('room', 'two')
  add('room', 'one')
  advanceTo(50)
  add('room', 'three')
  advanceTo(200)
  t.same(flushed, [
    [50, ['one', 'two']],
    [100, ['three']],
  ])
})

t.test('[HINT12] rooms that began at different times flush at different times, each within 50 ms', async (t) => {
  const { add, advanceTo, flushed } = createBatcher(t)
  for (const began of [0, 1, 9, 10, 22]) {
    advanceTo(began)
    add(`room ${began}`, `from ${began}`)
  }
  advanceTo(200)
  t.same(flushed, [
    [50, ['from 0', 'from 1', 'from 9']],
    [60, ['from 10']],
    [70, ['from 22']],
  ])
})

t.test('[HINT7] a text that was flushed early is not sent again', async (t) => {
  const { add, remove, advanceTo, flushed } = createBatcher(t)
  add('room', 'one')
  add('room', 'two')
  remove('room', 'one')
  remove('elsewhere', 'one')
  advanceTo(200)
  t.same(flushed, [[50, ['two']]])
})
