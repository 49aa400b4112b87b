import { mock } from 'node:test'
import t, { type Test } from 'tap'
import { createRoomBatcher } from '../../src/redis/streaming/room-batcher.ts'

/** Creates a batcher that records its flushed items, each group with the time of its flush in milliseconds. */
function createBatcher(t: Test) {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  let nowMs = 0
  const flushed: Array<[number, string[]]> = []
  const { add, remove } = createRoomBatcher<string>(
    (items) => flushed.push([nowMs, [...items]]),
    () => nowMs,
  )
  const advanceTo = (ms: number) => {
    for (; nowMs < ms; nowMs += 1, mock.timers.tick(1));
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

t.test(
  '[HINT12] rooms whose first texts came in different steps of 10 ms flush at different times, each within 50 ms',
  async (t) => {
    const { add, advanceTo, flushed } = createBatcher(t)
    for (const startMs of [0, 1, 9, 10, 22]) {
      advanceTo(startMs)
      add(`room ${startMs}`, `from ${startMs}`)
    }
    advanceTo(200)
    t.same(flushed, [
      [50, ['from 0', 'from 1', 'from 9']],
      [60, ['from 10']],
      [70, ['from 22']],
    ])
  },
)

t.test('[HINT7] a text that was flushed early is not sent again', async (t) => {
  const { add, remove, advanceTo, flushed } = createBatcher(t)
  add('room', 'one')
  add('room', 'two')
  remove('room', 'one')
  remove('another room', 'one')
  advanceTo(200)
  t.same(flushed, [[50, ['two']]])
})
