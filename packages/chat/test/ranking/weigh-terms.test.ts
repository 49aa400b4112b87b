import { weighTerms } from '@engineer-chat/chat/ranking'
import t from 'tap'

const MAX_QUERY_TERMS = 32

const weigh = (text: string, ...earlier: string[]) =>
  Object.fromEntries(weighTerms({ text, earlier }).map(({ term, weight }) => [term, weight]))

t.test('[RANK11] terms of the question before count half, and those of the one before that a quarter', async (t) => {
  t.same(weigh('An okapi?', 'A quagga?', 'A vicuna?'), { okapi: 1, quagga: 0.5, vicuna: 0.25 })
  t.same(weigh('木马？', '邮件？'), { 木马: 1, 邮件: 0.5 })
  t.same(weigh('An okapi?', 'An okapi or a quagga?'), { okapi: 1, quagga: 0.5 }, 'a term counts once')
})

t.test('[RANK11] if a question has no term but asking words, the question before it counts in full', async (t) => {
  t.same(weigh('Why?', 'An okapi?', 'A quagga?'), { okapi: 1, quagga: 0.5 })
  t.same(weigh('为什么？', '木马？'), { 木马: 1 })
  t.same(weigh('And how?', 'Why?', 'An okapi?'), { okapi: 1 })
  t.same(weigh('What now?', 'Why?'), { what: 1, now: 1 }, 'no earlier question has other terms either')
  t.same(weigh('And 198.51.100[.]7?', 'An okapi?'), { '198.51.100.7': 1, okapi: 0.5 })
})

t.test('[RANK2] a question and those before it have 32 terms together, its own first', async (t) => {
  const words = (count: number, from: number) => Array.from({ length: count }, (_, at) => `w${from + at}`).join(' ')
  t.equal(weighTerms({ text: words(30, 0), earlier: [words(2, 100)] }).length, MAX_QUERY_TERMS)
  const full = weighTerms({ text: words(30, 0), earlier: [words(3, 100)] })
  t.equal(full.length, MAX_QUERY_TERMS)
  t.match(full.at(-1), { term: 'w101', weight: 0.5 })
})
