import { BoundedMap } from '@engineer-chat/process/bounded-map'
import t from 'tap'

t.test('[PROC5] a full map deletes the entry that was set the longest time ago', async (t) => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  map.set('a', 3)
  map.set('c', 4)
  t.same(
    ['a', 'b', 'c'].map((key) => map.get(key)),
    [3, undefined, 4],
  )
  map.delete('a')
  map.set('d', 5)
  map.set('e', 6)
  t.same(
    ['c', 'd', 'e'].map((key) => map.get(key)),
    [undefined, 5, 6],
  )
  map.clear()
  for (const key of ['f', 'g', 'h']) map.set(key, 7)
  t.same(
    ['e', 'f', 'g', 'h'].map((key) => map.get(key)),
    [undefined, undefined, 7, 7],
  )
})

t.test(
  '[PROC5] the time of a deletion does not grow with the number of earlier deletions',
  { timeout: 20_000 },
  async (t) => {
    const map = new BoundedMap<number, number>(20_000)
    for (let key = 0; key < 500_000; key += 1) map.set(key, key)
    t.equal(map.get(479_999), undefined)
    t.equal(map.get(480_000), 480_000)
  },
)
