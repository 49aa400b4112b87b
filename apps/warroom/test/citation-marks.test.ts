import { createCitationMatcher, MAX_QUOTE_CHARACTERS, splitCitationMarks } from '@engineer-chat/protocol'
import t from 'tap'
import { cutQuote } from '../src/text/quoted-text.ts'

t.test('[ROOM85] marks of citations are split from the prose around them, and other brackets stay text', async (t) => {
  const isCited = createCitationMatcher([
    { id: 'ev2', label: 'description', supported: true },
    { id: 'msg9', label: '', supported: false },
  ])
  t.same(splitCitationMarks('Host [EV2, C2；msg9?]. [M365] [ev2](x)', isCited), [
    { start: 0, end: 5, text: 'Host ' },
    { start: 6, end: 9, text: 'EV2', id: 'EV2' },
    { start: 11, end: 13, text: '[C2]' },
    { start: 14, end: 19, text: 'msg9?', id: 'msg9' },
    { start: 20, end: 37, text: '. [M365] [ev2](x)' },
  ])
  t.same(splitCitationMarks('', isCited), [])
})

t.test(
  '[QUOTE2] a quote of a long answer is cut before a citation’s mark, so that it contains no part of a mark',
  async (t) => {
    // A quote has room for four more characters, so it is cut within each of these marks.
    const text = '长'.repeat(MAX_QUOTE_CHARACTERS - 4)
    for (const mark of ['[ev1, sum2]', '【ev12】', '[ev1?]']) t.equal(cutQuote(`${text}${mark}${text}`), text, mark)
    const shorterText = text.slice(2)
    t.equal(cutQuote(`${shorterText}[a]${text}`), `${shorterText}[a]${'长'.repeat(3)}`, 'a closed bracket stays')
    const textWithOpenBracket = `${text.slice(1)} [ev1`
    t.equal(cutQuote(textWithOpenBracket), textWithOpenBracket, 'a text of exactly the maximum length is not cut')
  },
)
