import { test } from 'tap'
import { GrowingText, parseMarkdown } from '../src/index.ts'

const PIECES = [
  ...['a', 'b ', '\n', '\n\n', '- ', '-', '* ', '1. ', '> ', '# ', '#', '```', '`', '    ', '\t', '| a | b |'],
  ...['|---|---|', '|', '**', '~~~', '\r', '\r\n', '---', '[x](https://e.example)', '中。', '  ', '\n- c', '\n-\n\n'],
]

/** Creates a generator of pseudo-random numbers. The same seed gives the same numbers. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

test('[MARKDOWN5] a growing text has the same result as parsing the complete text', async (t) => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const random = createRandom(seed * 7_919)
    const growing = new GrowingText()
    let text = ''
    for (let step = 0; step < 25; step += 1) {
      // The lowest bits of the generator repeat early, so six of them are dropped.
      for (let count = random(3); count >= 0; count -= 1) text += PIECES[random(PIECES.length * 64) >> 6] ?? ''
      const expected = JSON.stringify(parseMarkdown(text))
      if (JSON.stringify(growing.read(text)) === expected) continue
      t.fail(`${JSON.stringify(text)} has another result when it grows`)
      return
    }
  }
})

test('[MARKDOWN5] a block that later text cannot change is the same object in every result', async (t) => {
  const growing = new GrowingText()
  const text = '# a\n\nb\n\n- c\n- d\n\n| e |\n|---|\n| f |\n| g |\n'
  const [heading, paragraph] = growing.read(text.slice(0, 6))
  const later = growing.read(`${text}| h`)
  t.equal(later[0], heading)
  t.not(later[1], paragraph, 'the last block may still change')
  const last = growing.read(`${text}| h |\n\nend`)
  t.equal(last[1], later[1])
  t.equal(last[2], later[2])
  const [, , list, table] = later
  t.ok(list?.type === 'list' && table?.type === 'table')
})

test('[MARKDOWN5] every item and row except the last one is the same object in every result', async (t) => {
  const growing = new GrowingText()
  const readItems = (text: string) => growing.read(text).flatMap((block) => (block.type === 'list' ? block.items : []))
  const readRows = (text: string) => growing.read(text).flatMap((block) => (block.type === 'table' ? block.rows : []))
  const before = readItems('- a\n- b\n- c')
  const after = readItems('- a\n- b\n- c\n- d')
  t.equal(after[0], before[0])
  t.equal(after.length, 4)
  const rows = readRows('| a | b |\n|---|---|\n| 1 | 2 |\n| 3')
  t.equal(readRows('| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n')[0], rows[0])
})

test('[MARKDOWN5] a text that does not begin with the text before is parsed from its beginning', async (t) => {
  const growing = new GrowingText()
  growing.read('- a\n- b\n')
  t.same(growing.read('# c\n'), parseMarkdown('# c\n'))
})
