import { test } from 'tap'
import { findSelectedText } from '../src/index.ts'

const find = (text: string, selected: string) => findSelectedText([text], selected)

test('[QUOTE1] a selection with other white space is found, and the white space of the text is returned', async (t) => {
  const text = 'Host\tWS-7\n\n  isolate it now,\n  then look at DC-1.'
  t.equal(find(text, 'WS-7 isolate it'), 'WS-7\n\n  isolate it')
  t.equal(find(text, '  WS-7isolateitnow, '), 'WS-7\n\n  isolate it now,')
  t.equal(find('先隔离主机，\n再重置账号。', '主机， 再重置'), '主机，\n再重置')
  t.equal(find('the rapist', 'therapist'), 'the rapist', 'the white space of the text is kept')
})

test('[QUOTE1] a text that does not occur is not found, and an empty selection is not found', async (t) => {
  const text = 'Do not isolate WS-7.'
  for (const selected of ['Do isolate', 'do not', 'WS-8', 'isolate WS-7!', '', ' \n\t']) {
    t.equal(find(text, selected), undefined, selected)
  }
})

test('[QUOTE1] the first text that contains the selection is used', async (t) => {
  t.equal(findSelectedText(['a **b**', 'x\ny', 'x y'], 'x y'), 'x\ny')
})

test('[QUOTE6] deceptive characters get marks, also if the selection has them without marks', async (t) => {
  const text = 'open invoice\u202efdp.exe today'
  t.equal(find(text, 'invoice⟨U+202E⟩fdp.exe'), 'invoice⟨U+202E⟩fdp.exe')
  t.equal(find(text, 'invoice\u202efdp.exe'), 'invoice⟨U+202E⟩fdp.exe')
  t.equal(find(text, 'invoicefdp.exe'), undefined, 'a selection without the hidden character does not match')
})

test('[QUOTE1] a match is found after a partial match that overlaps it', async (t) => {
  t.equal(find('aabaabaaab', 'aabaaab'), 'aabaaab')
  t.equal(find('ababababc', 'ababc'), 'ababc')
  t.equal(find('aaaa', 'aaaaa'), undefined)
})
