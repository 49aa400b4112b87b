import { createCitationMatcher, splitCitationMarks } from '@engineer-chat/protocol'
import t from 'tap'
import { cutQuote } from '../src/text/quoted-text.ts'

t.test('[ROOM85] marks are split from the prose around them, and other brackets stay text', async (t) => {
  const isCited = createCitationMatcher([
    { id: 'ev2', label: 'description', supported: true },
    { id: 'msg9', label: '', supported: false },
  ])
  t.same(splitCitationMarks('Host [EV2, C2；msg9?]. [M365] [ev2](x)', isCited), [
    { start: 0, text: 'Host ' },
    { start: 6, text: 'EV2', id: 'EV2' },
    { start: 11, text: '[C2]' },
    { start: 14, text: 'msg9?', id: 'msg9' },
    { start: 20, text: '. [M365] [ev2](x)' },
  ])
  t.same(splitCitationMarks('', isCited), [])
})

t.test(
  '[QUOTE2] a long answer is cut before a citation’s mark, because no answer contains a part of a mark',
  async (t) => {
    const text = '长'.repeat(996)
    for (const mark of ['[ev1, sum2]', '【ev12】', '[ev1?]']) {
      t.equal(cutQuote(`${text}${mark}${text}`), text, mark)
      t.equal(cutQuote(`${text.slice(2)}[a]${text}`), `${text.slice(2)}[a]${'长'.repeat(3)}`, 'a closed bracket stays')
    }
    const whole = `${text.slice(1)} [ev1`
    t.equal(cutQuote(whole), whole, 'a text that is not cut stays')
  },
)
