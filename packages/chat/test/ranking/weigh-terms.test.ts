import { weighTerms } from '@engineer-chat/chat/ranking'
import t from 'tap'

const MAX_QUERY_TERMS = 32

const weigh = (text: string, ...earlier: string[]) =>
  Object.fromEntries(weighTerms({ text, earlier }).map(({ term, questionWeight }) => [term, questionWeight]))

t.test(
  '[RANK11] terms of the previous question count half, terms of the question before that one a quarter',
  async (t) => {
    t.same(weigh('An okapi?', 'A quagga?', 'A vicuna?'), { okapi: 1, quagga: 0.5, vicuna: 0.25 })
    t.same(weigh('木马？', '邮件？'), { 木马: 1, 邮件: 0.5 })
    t.same(weigh('An okapi?', 'An okapi or a quagga?'), { okapi: 1, quagga: 0.5 }, 'a term counts once')
  },
)

t.test('[RANK11] if a question has only question words, the previous question counts in full', async (t) => {
  t.same(weigh('Why?', 'An okapi?', 'A quagga?'), { okapi: 1, quagga: 0.5 })
  t.same(weigh('为什么？', '木马？'), { 木马: 1 })
  t.same(weigh('And how?', 'Why?', 'An okapi?'), { okapi: 1 })
  t.same(weigh('What now?', 'Why?'), { what: 1, now: 1 }, 'no earlier question has other terms either')
  t.same(weigh('And 198.51.100[.]7?', 'An okapi?'), { '198.51.100.7': 1, okapi: 0.5 })
})

t.test('[RANK2] a question and the earlier ones have 32 terms together, and its own terms come first', async (t) => {
  const createWords = (count: number, firstNumber: number) =>
    Array.from({ length: count }, (_, index) => `w${firstNumber + index}`).join(' ')
  t.equal(weighTerms({ text: createWords(30, 0), earlier: [createWords(2, 100)] }).length, MAX_QUERY_TERMS)
  const cutTerms = weighTerms({ text: createWords(30, 0), earlier: [createWords(3, 100)] })
  t.equal(cutTerms.length, MAX_QUERY_TERMS)
  t.match(cutTerms.at(-1), { term: 'w101', questionWeight: 0.5 })
})
