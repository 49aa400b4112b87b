import { COMPOSED_CUT_NOTE, type MessageContent, readMessageBody } from '@engineer-chat/protocol'
import t from 'tap'
import { findGrowth } from '../../testing/index.ts'

t.setTimeout(300_000)

/** Creates a name for a number. In the older form of composed texts, all names of the same length have one label. */
const createName = (number: number, bits: number): string =>
  `a${Array.from({ length: bits }, (_, bit) => ((number >> bit) & 1 ? '_a' : ' a')).join('')}`

/** Creates fields of which all have the label `a a … a`, and whose names have about `length` characters together. */
function createEqualLabels(
  length: number,
  createValue: (index: number) => unknown,
): { label: string; fields: Record<string, unknown>; count: number } {
  const bits = Math.floor(Math.log2(length)) - 4
  const count = Math.floor(length / (2 * bits + 1))
  const entries = Array.from({ length: count }, (_, index) => [createName(index, bits), createValue(index)] as const)
  return { label: createName(0, bits), fields: Object.fromEntries(entries), count }
}

/** Writes a list of lines below each other, which have about `length` characters together. */
const fillLines = (line: string, length: number): string => `\n${line}`.repeat(length / (line.length + 1))

/** Creates an object of objects, of which all have the same label at each level. */
const createTree = (depth: number): unknown =>
  depth === 0 ? ['x'] : { a_b: createTree(depth - 1), 'a b': createTree(depth - 1) }

/** Creates contents of agents' messages, which have about `length` characters as JSON. */
const CONTENTS: Record<string, (length: number) => MessageContent> = {
  'equal labels above many lines': (length) => {
    const { label, fields } = createEqualLabels(length / 2, () => 'y')
    return { ...fields, content: `- **${label}:** x${fillLines('  ', length / 3)}` }
  },
  'equal labels before a long number': (length) => {
    const { label, fields } = createEqualLabels(length / 2, () => 2)
    return { ...fields, content: `- **${label}:** ${'0'.repeat(length / 4)}1${fillLines('', length / 4)}` }
  },
  'equal labels above an array': (length) => {
    const { label, fields } = createEqualLabels(length / 2, () => [1])
    return { ...fields, content: `- **${label}:**${fillLines('  - x', length / 2)}` }
  },
  'equal labels in another order': (length) => {
    const { label, fields, count } = createEqualLabels(length / 2, (index) => index)
    const lines = Array.from({ length: count }, (_, index) => `- **${label}:** ${count - 1 - index}`)
    return { ...fields, content: lines.join('\n') }
  },
  'equal labels above one long head': (length) => {
    const { label, fields } = createEqualLabels(length / 2, () => ({ c: 1 }))
    return { ...fields, content: `- **${label}:**\n  - **${':** '.repeat(length / 8)}${fillLines('  ', length / 4)}` }
  },
  'equal labels in a text that was cut': (length) => {
    const { label, fields } = createEqualLabels(length / 4, (index) => `x\ny${index}`)
    const content = `- **${label}:** x${fillLines('  ', length / 2)}\n\n*${COMPOSED_CUT_NOTE}*`
    return { ...fields, content }
  },
  'long names with equal labels': (length) => {
    const count = Math.floor(Math.sqrt(length) / 4)
    const names = Array.from({ length: count }, (_, index) => createName(index, 16).padEnd(count * 4, '_'))
    const label = createName(0, 16).padEnd(count * 4, ' ')
    const content = `- **${label}:** x${fillLines('  ', length / 3)}`
    return { ...Object.fromEntries(names.map((name) => [name, 'y'])), content }
  },
  'long texts that begin alike': (length) => {
    const count = Math.floor(Math.sqrt(length) / 4)
    const texts = Array.from({ length: count }, (_, index) => `${'x'.repeat(count * 4)}${index + 10_000}`)
    const names = texts.map((_, index) => createName(index, 16))
    const lines = texts.toReversed().map((text) => `- **${createName(0, 16)}:** ${text}`)
    const fields = Object.fromEntries(names.map((name, index) => [name, texts[index]]))
    return { ...fields, content: `${lines.join('\n')}${fillLines('', length / 4)}` }
  },
  'a large object before many small ones': (length) => {
    const large = Object.fromEntries(Array.from({ length: length / 24 }, (_, index) => [`f${index}`, 1]))
    const { label, fields, count } = createEqualLabels(length / 3, (index) => (index === 0 ? large : { b: 1 }))
    return { ...fields, content: `- **${label}:**\n  - **b:** 1\n`.repeat(count - 1).trimEnd() }
  },
  'equal labels at each level': (length) => {
    const depth = Math.floor(Math.log2(length / 32))
    const heads = Array.from({ length: depth }, (_, level) => `${'  '.repeat(level)}- **a b:**`)
    const root = createTree(depth) as Record<string, unknown>
    return { ...root, content: `${heads.join('\n')}${fillLines(`${'  '.repeat(depth)}- y`, length / 3)}` }
  },
  'names with line breaks': (length) => {
    const { label, fields } = createEqualLabels(length / 2, () => 'y')
    const entries = Object.entries(fields).map(([name, value]) => [name.replaceAll('_', '\n'), value])
    return { ...Object.fromEntries(entries), content: `${label}: x${fillLines('  ', length / 3)}` }
  },
}

function readJson(json: string): unknown {
  const message_content = JSON.parse(json) as MessageContent
  return readMessageBody({ message_category: 'agent', sender_type: null, message_content })
}

for (const [name, createContent] of Object.entries(CONTENTS)) {
  t.test(`[LINEAR1] fields of an agent’s message are found in linear time: ${name}`, async (t) => {
    const finding = findGrowth(readJson, { name, build: (length) => JSON.stringify(createContent(length)) })
    t.equal(finding, undefined)
  })
}
