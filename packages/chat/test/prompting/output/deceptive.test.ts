import { escapeHiddenInJson, markDeceptive, removeDeceptiveMarks } from '@engineer-chat/markdown'
import { test } from 'tap'
import { escapeToOneLine, quoteMarkdown } from '../../../src/rooms/export/escape-markdown.ts'
import { createSeededRandom, findSuperLinear } from '../../../testing/index.ts'

const HIDDEN_CHARACTERS = [
  '\u200b',
  '\u200c',
  '\u200d',
  '\u00ad',
  '\u202e',
  '\ufe0f',
  '\u{e0041}',
  '\u{e007f}',
  '\u{e0100}',
  '\u2028',
]
const VISIBLE_PIECES = [
  ...[
    'a',
    'paypal',
    '.com',
    'http://',
    '@',
    ' ',
    '\n',
    '\r',
    '.',
    '-',
    '_',
    '⟨',
    '⟩',
    '⟨U+0430⟩',
    'U+202E',
    '中',
    '葛',
    '1',
    '#',
  ],
  ...['а', 'о', 'пример', 'ѕ', 'α', '👩', '🏽', '💻', '🏴', '❤', '\u20e3', 'خ', 'م', 'क', '्', 'é', '\ud800', 'example'],
]
const createText = (pieces: string[], length: number, seed: number): string => {
  const random = createSeededRandom(seed)
  return Array.from({ length }, () => random.pick(pieces)).join('')
}

test('[DECEPTIVE1] a marked text is not marked again, and only marks are added', async (t) => {
  for (let seed = 1; seed <= 6_000; seed += 1) {
    const text = createText([...VISIBLE_PIECES, ...HIDDEN_CHARACTERS], 1 + (seed % 14), seed)
    const marked = markDeceptive(text)
    if (markDeceptive(marked) !== marked) t.equal(markDeceptive(marked), marked, JSON.stringify(text))
    const removeMarksAndHidden = (value: string) =>
      removeDeceptiveMarks(value).replace(/[\p{Default_Ignorable_Code_Point}\u2028]/gu, '')
    if (removeMarksAndHidden(marked) !== removeMarksAndHidden(text))
      t.equal(removeMarksAndHidden(marked), removeMarksAndHidden(text), JSON.stringify(text))
    if (JSON.stringify(JSON.parse(escapeHiddenInJson(JSON.stringify(text)))) !== JSON.stringify(text)) t.fail(text)
  }
  t.pass('6,000 texts')
})

test('[DECEPTIVE2] a text without hidden characters and without addresses in two scripts is not changed', async (t) => {
  const isForeign = /[\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Arabic}\p{sc=Devanagari}]/u
  const harmless = VISIBLE_PIECES.filter((piece) => !piece.startsWith('⟨')).map((piece) =>
    isForeign.test(piece) ? ` ${piece} ` : piece,
  )
  for (let seed = 1; seed <= 2_000; seed += 1) {
    const text = createText(harmless, 1 + (seed % 14), seed)
    if (markDeceptive(text) !== text) t.equal(markDeceptive(text), text, JSON.stringify(text))
  }
  t.pass('2,000 texts')
})

test('[LINEAR1] marking a text and removing its marks takes linear time', async (t) => {
  t.same(findSuperLinear(markDeceptive), [])
  t.same(findSuperLinear(removeDeceptiveMarks), [])
  t.same(findSuperLinear(escapeHiddenInJson), [])
})

test('[DECEPTIVE4] exports for people show what is hidden', async (t) => {
  t.equal(quoteMarkdown('invoice\u202efdp.exe\nnext'), '> invoice⟨U+202E⟩fdp.exe\n> next')
  t.equal(escapeToOneLine('pa\u00adypal'), 'pa⟨U\\+00AD⟩ypal')
})
