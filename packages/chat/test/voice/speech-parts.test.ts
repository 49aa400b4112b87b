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

test('[VOICE6] a full stop within an address or a name does not end a piece', async (t) => {
  t.same(splitSpeech('It talks to the server at 203.0.113.77 since noon', 36), [
    'It talks to the server at',
    '203.0.113.77 since noon',
  ])
  t.same(splitSpeech('Seen 203.0.113.77 since noon', 15), ['Seen', '203.0.113.77', 'since noon'], 'also at the limit')
  t.same(splitSpeech('It is up! See http://evil.example/?q=1;2 now', 40), [
    'It is up!',
    'See http://evil.example/?q=1;2 now',
  ])
  t.same(
    splitSpeech('已封禁!请复查;然后', 7),
    ['已封禁!', '请复查;然后'],
    'without white space every mark ends a piece',
  )
})
