import { createCitationMatcher, splitCitationMarks } from '@engineer-chat/protocol'
import t from 'tap'

t.test('[ROOM85] marks are split from the prose around them, and what is no citation stays text', async (t) => {
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
