import { toAgentContent } from '@engineer-chat/chat/rooms'
import { visibleText } from '@engineer-chat/markdown'
import { test } from 'tap'
import { MAX_RENDERED_CHARACTERS } from '../../src/rooms/agent-content.ts'
import { findSuperLinear } from '../../testing/index.ts'

test('[HTTP16] an agent’s content reads as Markdown, whatever its shape', async (t) => {
  t.same(toAgentContent('# Done'), { content: '# Done' })
  t.same(toAgentContent({ content: 'Done', extra: [1] }), { content: 'Done', extra: [1] }, 'its own words are kept')
  t.same(toAgentContent({}), { content: '' })
  const plan = {
    response_text: 'Two steps',
    tasks: [{ name: 'isolate', hosts: ['a', 'b'] }, 'reset'],
    owner: null,
    count: 2,
  }
  const rendered = toAgentContent(plan)
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
  t.same(toAgentContent({ content: { step: 1 } }), {
    content: '- **content:**\n  - **step:** 1',
    original_content: { step: 1 },
  })
})

test('[HTTP16] an agent’s own `original_content` is not overwritten', async (t) => {
  t.match(toAgentContent({ content: 1, original_content: 'mine' }), { original_content: 'mine', original_content_2: 1 })
  t.match(toAgentContent({ content: 1, original_content: 'a', original_content_2: 'b' }), {
    original_content: 'a',
    original_content_2: 'b',
    original_content_3: 1,
  })
  t.same(toAgentContent({ content: 'x', original_content: 'mine' }), { content: 'x', original_content: 'mine' })
})

test('[HTTP16] the name of a field is seen as it is', async (t) => {
  const names = ['__proto__', '**', '_x_', 'a`b', '`', '<b>', '[a](b)', 'a__b', 'x\ny', ' a ', '~~a~~', '&lt;']
  const json = `{${names.map((name) => `${JSON.stringify(name)}:1`).join()}}` // JSON makes `__proto__` a field.
  const content = toAgentContent(JSON.parse(json))
  const seen = visibleText(toAgentContent(JSON.parse(json)).content).split('\n')
  t.same(
    seen.map((line) => line.replace(/: 1$/, '').trim()),
    names.map((name) => name.replace('\n', ' ').trim()),
  )
  t.match(content.content, '` __proto__ `: 1')
  t.equal(toAgentContent({ src_ip: 1, 'file.path': 2 }).content, '- **src ip:** 1\n- **file.path:** 2')
})

test('[HTTP16] broken characters are repaired, in keys too', async (t) => {
  t.same(toAgentContent({ 'a\0': 'b\ud800', content: 'c' }), { 'a\ufffd': 'b\ufffd', content: 'c' })
})

test('[HTTP16] a rendering that indents make too long is cut, and says so; the fields stay whole', async (t) => {
  let deep: unknown = Array.from({ length: 200_000 }, () => 1)
  for (let level = 0; level < 30; level++) deep = [deep]
  const { content, ...fields } = toAgentContent({ deep })
  t.ok(content.length < MAX_RENDERED_CHARACTERS + 100)
  t.match(content, /cut here: too long/)
  t.equal(JSON.stringify(fields), JSON.stringify({ deep }))
  const lines = toAgentContent({ a: { b: 'x\n'.repeat(250_000) } }).content
  t.ok(lines.length < MAX_RENDERED_CHARACTERS + 100)
  t.match(lines, /cut here: too long/)
  const name = '- **a:** '
  t.notMatch(toAgentContent({ a: 'x'.repeat(MAX_RENDERED_CHARACTERS - name.length - 1) }).content, 'cut here')
  t.match(toAgentContent({ a: 'x'.repeat(MAX_RENDERED_CHARACTERS) }).content, 'cut here')
  t.ok(toAgentContent({ a: '😀'.repeat(MAX_RENDERED_CHARACTERS) }).content.isWellFormed())
})

test('[LINEAR1] what an agent posts is rendered in linear time', async (t) => {
  t.same(
    findSuperLinear((text) => toAgentContent({ [text]: [{ a: text }] })),
    [],
  )
})
