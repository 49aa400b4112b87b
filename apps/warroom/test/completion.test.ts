import { test } from 'tap'
import { completeWord } from '../src/ui/composer/completion.ts'

/** Completes the typed text from `[` to `|` by `word`. In the result, `|` stands at the caret. */
function complete(textWithMarks: string, word: string) {
  const start = textWithMarks.indexOf('[')
  const caret = textWithMarks.indexOf('|') - 1
  const completion = completeWord(textWithMarks.replace(/[[|]/g, ''), { start, caret }, word)
  const { text, isComplete } = completion
  return { text: `${text.slice(0, completion.caret)}|${text.slice(completion.caret)}`, isComplete }
}

test('[ROOM4] a completion keeps the lines and their indentation behind the caret', async (t) => {
  for (const [typed, expected] of [
    ['please check [@al|', 'please check @alice |'],
    ['[@al| and \n rest', '@alice |and \n rest'],
    ['[@al|\t  look', '@alice |look'],
    ['please check [@al|\n- FS-01', 'please check @alice|\n- FS-01'],
    ['[@al| \t\n\n    code', '@alice|\n\n    code'],
    ['[@al|\r\nnext', '@alice|\r\nnext'],
    ['请[@al|看一下', '请@alice |看一下'],
  ] as const)
    t.equal(complete(typed, '@alice').text, expected, JSON.stringify(typed))
})

test('[ROOM4] a word is complete if it was typed as it would be inserted, whatever follows it', async (t) => {
  for (const typed of ['[@alice|', 'ask [@alice| now', '[@alice|看一下', '[@alice|\nnext line', '[@alice|, look'])
    t.ok(complete(typed, '@alice').isComplete, JSON.stringify(typed))
  for (const typed of ['[@al|', '[@al|ice', '[＠alice|', '[@|alice'])
    t.notOk(complete(typed, '@alice').isComplete, JSON.stringify(typed))
})

test('[ROOM4] a long text is completed in linear time', async (t) => {
  const startedAtMs = performance.now()
  completeWord(`@al${' '.repeat(200_000)}x`, { start: 0, caret: 3 }, '@alice')
  t.ok(performance.now() - startedAtMs < 500)
})
