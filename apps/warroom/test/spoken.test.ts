import { test } from 'tap'
import { languageOf, spokenText } from '../src/text/spoken.ts'

test('[ROOM28] what is said are words: no marks, no code, no ids of evidence, and where a link leads by its words', async (t) => {
  const answer = [
    '## What is **known** [E1]',
    '- the host `WS-042` [M2?]\n- a [report](https://a.example/x)',
    '```sh\nrm -rf /\n```',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '> quoted',
  ].join('\n\n')
  t.equal(spokenText(answer), 'What is known\nthe host WS-042\na report\na, b\n1, 2\nquoted')
  t.equal(spokenText('<script>x</script>'), '')
})

test('[ROOM28] an answer in Chinese with names in Latin script is Chinese', async (t) => {
  t.equal(languageOf('隔离 WS-042，然后检查 EDR 日志。'), 'zh')
  t.equal(languageOf('Isolate WS-042; its owner is 王.'), 'en')
})
