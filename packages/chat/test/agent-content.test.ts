import { agentContent } from '@engineer-chat/chat'
import { test } from 'tap'

test('[HTTP16] an agent’s content reads as Markdown, whatever its shape', async (t) => {
  t.same(agentContent('# Done'), { content: '# Done' })
  t.same(agentContent({ content: 'Done', extra: [1] }), { content: 'Done', extra: [1] }, 'its own words are kept')
  t.same(agentContent({}), { content: '' })
  const plan = {
    response_text: 'Two steps',
    tasks: [{ name: 'isolate', hosts: ['a', 'b'] }, 'reset'],
    owner: null,
    count: 2,
  }
  const rendered = agentContent(plan)
  t.match(rendered, plan, 'no field is lost')
  t.equal(
    rendered.content,
    [
      '- **response text:** Two steps',
      '- **tasks:**',
      '  -',
      '    - **name:** isolate',
      '    - **hosts:**',
      '      - a',
      '      - b',
      '  - reset',
      '- **owner:** –',
      '- **count:** 2',
    ].join('\n'),
  )
})

test('[HTTP16] a `content` that is no text is kept beside its rendering', async (t) => {
  t.same(agentContent({ content: { step: 1 } }), {
    content: '- **content:**\n  - **step:** 1',
    original_content: { step: 1 },
  })
})

test('[HTTP16] broken characters are repaired, in keys too', async (t) => {
  t.same(agentContent({ 'a\0': 'b\ud800', content: 'c' }), { 'a\ufffd': 'b\ufffd', content: 'c' })
})
