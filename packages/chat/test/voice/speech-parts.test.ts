import { test } from 'tap'
import { splitSpeech } from '../../src/voice/speech-parts.ts'

test('[VOICE6] long text is spoken in pieces that end with a sentence and keep the limit', async (t) => {
  t.same(splitSpeech('短句。第二句，比较长。第三', 7), ['短句。', '第二句，比较长', '。第三'])
  t.same(splitSpeech('One. Two words', 8), ['One.', 'Two', 'words'])
  t.same(splitSpeech('x'.repeat(7), 3), ['xxx', 'xxx', 'x'])
  t.same(splitSpeech('', 3), [])
  const text = 'A sentence of some words. '.repeat(200)
  const pieces = splitSpeech(text, 600)
  t.ok(
    pieces.every((piece) => piece.length <= 600 && piece.endsWith('.')),
    'each piece ends with a sentence',
  )
  t.equal(pieces.join(' '), text.trim(), 'nothing is left out')
})
