import t from 'tap'
import { toCopiedAnswer } from '../src/text/files/copied-answer.ts'

const content = 'Block **http://evil.example/a.php** and [10[.]0.0.7](https://docs.example/x) of `T1059.001`.'
const findRange = (text: string) => ({ start: content.indexOf(text), end: content.indexOf(text) + text.length })
const message = {
  message_content: { content },
  indicators: [
    { ...findRange('evil.example'), type: 'domain' as const, value: 'evil.example' },
    { ...findRange('http://evil.example/a.php'), type: 'url' as const, value: 'http://evil.example/a.php' },
    { ...findRange('10[.]0.0.7'), type: 'ipv4' as const, value: '10.0.0.7' },
    { ...findRange('https://docs.example/x'), type: 'url' as const, value: 'https://docs.example/x' },
    { ...findRange('T1059.001'), type: 'attack' as const, value: 'T1059.001' },
  ],
}

t.test('[ROOM86] a copied answer has all of its addresses defanged, or all of them live', async (t) => {
  t.equal(
    toCopiedAnswer(message, { format: 'markdown', addresses: 'defanged' }),
    'Block **hxxp://evil[.]example/a.php** and [10[.]0[.]0[.]7](hxxps://docs[.]example/x) of `T1059.001`.',
  )
  t.equal(
    toCopiedAnswer(message, { format: 'markdown', addresses: 'live' }),
    'Block **http://evil.example/a.php** and [10.0.0.7](https://docs.example/x) of `T1059.001`.',
  )
  t.equal(
    toCopiedAnswer(message, { format: 'text', addresses: 'defanged' }),
    'Block hxxp://evil[.]example/a.php and 10[.]0[.]0[.]7 (hxxps://docs[.]example/x) of T1059.001.',
  )
})

t.test('[ROOM86] an answer of an older version, without a list of indicators, is defanged too', async (t) => {
  const answerOfOlderVersion = { message_content: { content: 'See http://evil.example/a and 10.0.0.7.' } }
  t.equal(
    toCopiedAnswer(answerOfOlderVersion, { format: 'text', addresses: 'defanged' }),
    'See hxxp://evil[.]example/a and 10[.]0[.]0[.]7.',
  )
})
