import { toAgentContent } from '@engineer-chat/chat/rooms'
import { COMPOSED_CUT_NOTE, type MessageContent, readMessageBody } from '@engineer-chat/protocol'
import { test } from 'tap'
import { MAX_COMPOSED_CHARACTERS } from '../../src/rooms/agent-content.ts'
import { findSuperLinear } from '../../testing/index.ts'

test('[HTTP16] an agent’s content reads as lines of text, whatever its shape', async (t) => {
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
      'response_text: Two steps',
      'tasks:',
      '  -',
      '    name: isolate',
      '    hosts:',
      '      - a',
      '      - b',
      '  - reset',
      'owner: null',
      'count: 2',
    ].join('\n'),
  )
})

test('[HTTP16] a `content` that is not text is kept beside its rendering', async (t) => {
  t.same(toAgentContent({ content: { step: 1 } }), {
    content: 'content:\n  step: 1',
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
  t.same(
    content.content.split('\n'),
    names.map((name) => `${name.replace('\n', ' ')}: 1`),
  )
  t.same(
    readBody(content).fields.map(({ name }) => name),
    names,
  )
})

test('[HTTP16] broken characters are repaired, in keys too', async (t) => {
  t.same(toAgentContent({ 'a\0': 'b\ud800', content: 'c' }), { 'a\ufffd': 'b\ufffd', content: 'c' })
})

test('[HTTP16] a rendering that indents make too long is cut, and says so; the fields stay whole', async (t) => {
  let deep: unknown = Array.from({ length: 200_000 }, () => 1)
  for (let level = 0; level < 30; level++) deep = [deep]
  const { content, ...fields } = toAgentContent({ deep })
  t.ok(content.length < MAX_COMPOSED_CHARACTERS + 100)
  t.match(content, /cut here: too long/)
  t.equal(JSON.stringify(fields), JSON.stringify({ deep }))
  const manyLines = toAgentContent({ a: { b: 'x\n'.repeat(250_000) } }).content
  t.ok(manyLines.length < MAX_COMPOSED_CHARACTERS + 100)
  t.match(manyLines, /cut here: too long/)
  const labels = 'a: \nb: '
  const composeFields = (valueCharacters: number) =>
    toAgentContent({ a: 'x', b: 'x'.repeat(valueCharacters - 1) }).content
  const longest = composeFields(MAX_COMPOSED_CHARACTERS - labels.length)
  t.equal(longest.length, MAX_COMPOSED_CHARACTERS)
  t.notMatch(longest, 'cut here')
  const tooLong = composeFields(MAX_COMPOSED_CHARACTERS - labels.length + 1)
  t.equal(tooLong, `${longest}\n\n${COMPOSED_CUT_NOTE}`, 'only the last character is cut')
  t.ok(toAgentContent({ a: '😀'.repeat(MAX_COMPOSED_CHARACTERS) }).content.isWellFormed())
})

test('[LINEAR1] what an agent posts is rendered in linear time', async (t) => {
  t.same(
    findSuperLinear((text) => toAgentContent({ [text]: [{ a: text }] })),
    [],
  )
})

const readBody = (stored: MessageContent | (Record<string, unknown> & { content: string })) =>
  readMessageBody({ message_category: 'agent', sender_type: null, message_content: stored })

test('[HTTP16] fields without a text are read as fields, in the order in which they were posted', async (t) => {
  const posted = { b_c: 'x\n  y', 'a: b': 7, none: null, empty: {}, deep: { z: [1] }, on: true, content: [2] }
  const sorted = Object.entries(toAgentContent(posted)).sort() // MySQL sorts the keys of an object.
  const { text, fields } = readBody({ content: '', ...Object.fromEntries(sorted) })
  t.equal(text, undefined)
  t.same(
    fields,
    Object.entries(posted).map(([name, value]) => ({ name, value })),
  )
})

test('[HTTP16] rows of an older version, whose text is a list of Markdown, are read as fields, too', async (t) => {
  const content =
    '- **response text:** Two\n  lines\n- **tasks:**\n  - reset\n- **owner:** –\n- **count:** 2.50\n- **content:** 1'
  const fields = { count: 2.5, owner: null, tasks: ['reset'], response_text: 'Two\nlines', original_content: 1 }
  const body = readBody({ ...fields, content })
  t.equal(body.text, undefined)
  t.same(
    body.fields.map(({ name }) => name),
    ['response_text', 'tasks', 'owner', 'count', 'content'],
  )
})

test('[HTTP16] fields of an older version with equal labels are told apart by their values', async (t) => {
  const values = ['x', 2.5, { c: 1 }, ['y', {}], 'two\nlines', null]
  const names = ['a b c d', 'a b c_d', 'a b_c d', 'a b_c_d', 'a_b c d', 'a_b c_d']
  const written = ['–', 'two\n  lines', '\n  - y\n  - –', '\n  - **c:** 1', '2.50', 'x']
  const content = written.map((text) => `- **a b c d:** ${text}`.replace(' \n', '\n')).join('\n')
  const fields = Object.fromEntries(names.map((name, index) => [name, values[index]]))
  const body = readBody({ ...fields, content })
  t.equal(body.text, undefined)
  t.same(
    body.fields.map(({ name }) => name),
    names.toReversed(),
  )
})

test('[HTTP16] a text is shown beside its fields if very many of them have equal labels', async (t) => {
  const readReversed = (count: number) => {
    const names = Array.from({ length: count }, (_, index) => `a${'_'.repeat(index)}${' '.repeat(count - index)}`)
    const texts = names.map((_, index) => String(index).padStart(100, 'x'))
    const lines = texts.toReversed().map((text) => `- **a${' '.repeat(count)}:** ${text}`)
    return readBody({
      ...Object.fromEntries(names.map((name, index) => [name, texts[index]])),
      content: lines.join('\n'),
    })
  }
  t.equal(readReversed(16).text, undefined)
  t.match(readReversed(64), { text: String, fields: { length: 64 } })
})

test('[HTTP16] an agent’s own text is shown beside its fields, and is Markdown only where it says so', async (t) => {
  t.same(readBody({ content: 'a: 2', a: 1 }), { text: 'a: 2', isMarkdown: false, fields: [{ name: 'a', value: 1 }] })
  t.same(readBody({ content: '**x**', format: 'markdown' }), { text: '**x**', isMarkdown: true, fields: [] })
  t.same(readBody({ content: 'x', format: 'csv' }), {
    text: 'x',
    isMarkdown: false,
    fields: [{ name: 'format', value: 'csv' }],
  })
  t.same(readBody(toAgentContent({ format: 'markdown', a: '**x**' })), {
    text: undefined,
    isMarkdown: false,
    fields: [
      { name: 'format', value: 'markdown' },
      { name: 'a', value: '**x**' },
    ],
  })
})

test('[HTTP16] all fields of a text that was cut are read', async (t) => {
  const stored = toAgentContent({ a: 'x'.repeat(MAX_COMPOSED_CHARACTERS), b: 1 })
  t.same(
    readBody(stored).fields.map(({ name }) => name),
    ['a', 'b'],
  )
})

test('[HTTP16] a text that says more than its nested or cut fields is shown beside them', async (t) => {
  const warning = 'host A is compromised, isolate now'
  const addCutNote = (text: string) => `${text}\n\n${COMPOSED_CUT_NOTE}`
  for (const [content, fields] of [
    [`findings:\n  ${warning}`, { findings: { count: 3 } }],
    [`findings:\n  count: 3\n  ${warning}`, { findings: { count: 3 } }],
    [`findings:\n  count: 3 ${warning}`, { findings: { count: 3 } }],
    [`hosts:\n  - a\n  - ${warning}`, { hosts: ['a', 'b'] }],
    [`hosts:\n  - a\n  - b\n  - ${warning}`, { hosts: ['a', 'b'] }],
    [`hosts:\n  - a\n${warning}\n  - b`, { hosts: ['a', 'b'] }],
    [`- **findings:**\n  - **count:** 3\n  - ${warning}`, { findings: { count: 3 } }],
    ['count: 0x10', { count: 16 }],
    [addCutNote(`a: ${warning}`), { a: 'benign' }],
    [addCutNote(`a: benign\n${warning}`), { a: 'benign', b: 1 }],
    [addCutNote(`a: ${warning}\nb: 1`), { a: 'benign', b: 12 }],
    [addCutNote(`a:\n  b: ${warning}\n  c: x`), { a: { b: 'x', c: 'xyz' } }],
    [`a: xy ${COMPOSED_CUT_NOTE}`, { a: 'xyz' }],
  ] as const) {
    const body = readBody({ ...fields, content })
    t.equal(body.text, content)
    t.same(
      body.fields,
      Object.entries(fields).map(([name, value]) => ({ name, value })),
      content,
    )
  }
})

test('[HTTP16] wherever a composed text is cut, its fields are shown instead of it', async (t) => {
  const posted = {
    title: 'x\n  y\nz',
    list: [1, { a: null, b: [] }, ['q', []], 'two\nlines'],
    deep: { z: { y: 'é' }, a: true },
  }
  const { content } = toAgentContent(posted)
  const sorted = { deep: { a: true, z: { y: 'é' } }, list: posted.list, title: posted.title }
  t.equal(readBody({ ...sorted, content }).text, undefined, 'MySQL sorts the names of nested objects')
  const isReadAsFields = (cutText: string) => {
    const body = readBody({ ...sorted, content: `${cutText}\n\n${COMPOSED_CUT_NOTE}` })
    return body.text === undefined && body.fields.length === 3
  }
  const cutTexts = Array.from({ length: content.length }, (_, length) => content.slice(0, length))
  t.same(
    cutTexts.filter((cutText) => !isReadAsFields(cutText)),
    [],
  )
})

test('[HTTP16] fields are shown also if their numbers are not written as JavaScript writes them', async (t) => {
  const content = 'rows:\n  -\n    cost: 2.50\n  -\n    - 1e3\n    - 12345678901234567890'
  t.equal(readBody({ rows: [{ cost: 2.5 }, [1000, '12345678901234567890']], content }).text, undefined)
})
