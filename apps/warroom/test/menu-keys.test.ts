import t from 'tap'
import { findNextIndex } from '../src/ui/parts/menu.ts'

const KEYS = ['ArrowDown', 'ArrowUp', 'Home', 'End']

t.test('[ROOM103] the arrow keys go round in a menu, and begin at its ends if no item has the focus', async (t) => {
  const findAll = (focusedIndex: number, itemCount: number) =>
    KEYS.map((key) => findNextIndex(key, focusedIndex, itemCount))
  t.same(findAll(-1, 4), [0, 3, 0, 3])
  t.same(findAll(0, 4), [1, 3, 0, 3])
  t.same(findAll(2, 4), [3, 1, 0, 3])
  t.same(findAll(3, 4), [0, 2, 0, 3])
  t.same(findAll(-1, 1), [0, 0, 0, 0])
  t.equal(findNextIndex('a', 0, 4), undefined)
})
