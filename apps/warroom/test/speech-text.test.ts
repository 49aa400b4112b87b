import { test } from 'tap'
import { detectLanguage, toSpeechText } from '../src/text/speech-text.ts'

test('[ROOM28] only words are read aloud: no Markdown marks, no code blocks, no citations, and only the text of a link', async (t) => {
  const answer = [
    '## What is **known** [ev1] by [C2]',
    '- the host `WS-042` [msg2?, ev1], `a[ev1]`\n- a [report](https://a.example/x)',
    '```sh\nrm -rf /\n```',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '> quoted',
  ].join('\n\n')
  const citations = ['ev1', 'msg2'].map((id) => ({ id, label: '', supported: true }))
  t.equal(
    toSpeechText(answer, citations),
    'What is known by [C2]\nthe host WS-042, a[ev1]\na report\na, b\n1, 2\nquoted',
  )
  const olderCitations = [{ id: 'E1', label: 'event', supported: true }]
  t.equal(
    toSpeechText('Known [E1] by [E2].', olderCitations),
    'Known by [E2].',
    'only citations of the answer are removed',
  )
  t.equal(toSpeechText('&lt;script>x&lt;/script>'), '<script>x</script>', 'character references are decoded')
})

test('[ROOM28] an answer in Chinese that contains Latin names counts as Chinese', async (t) => {
  t.equal(detectLanguage('隔离 WS-042，然后检查 EDR 日志。'), 'zh')
  t.equal(detectLanguage('Isolate WS-042; its owner is 王.'), 'en')
})
