import { mock } from 'node:test'
import t, { type Test } from 'tap'
import { createRoomBatcher } from '../../src/redis/streaming/room-batcher.ts'

/** Groups the items by the millisecond at which they were flushed. */
function station(t: Test) {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  let now = 0
  const left: Array<[number, string[]]> = []
  const { add, remove } = createRoomBatcher<string>(
    (passengers) => left.push([now, [...passengers]]),
    () => now,
  )
  const until = (ms: number) => {
    for (; now < ms; now += 1, mock.timers.tick(1));
  }
  return { add, remove, until, left }
}

t.test('[HINT7] what a room has to say leaves at once, 50 ms after the first of it at the latest', async (t) => {
  const { add, until, left } = station(t)
  until(3)
  add('room', 'one')
  until(49)
  add('room', 'two')
  add('room', 'one')
  until(50)
  add('room', 'three')
  until(200)
  t.same(left, [
    [50, ['one', 'two']],
    [100, ['three']],
  ])
})

t.test('[HINT12] rooms that began at different times leave at different times, each within 50 ms', async (t) => {
  const { add, until, left } = station(t)
  for (const began of [0, 1, 9, 10, 22]) {
    until(began)
    add(`room ${began}`, `from ${began}`)
  }
  until(200)
  t.same(left, [
    [50, ['from 0', 'from 1', 'from 9']],
    [60, ['from 10']],
    [70, ['from 22']],
  ])
})

t.test('[HINT7] what has left by itself is not sent again', async (t) => {
  const { add, remove, until, left } = station(t)
  add('room', 'one')
  add('room', 'two')
  remove('room', 'one')
  remove('elsewhere', 'one')
  until(200)
  t.same(left, [[50, ['two']]])
})
