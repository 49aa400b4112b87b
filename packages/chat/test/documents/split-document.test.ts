import { readFrontMatter } from '@engineer-chat/markdown'
import t from 'tap'
import { MAX_HEADINGS_CODE_UNITS, MAX_PIECE_CODE_UNITS, splitDocument } from '../../src/documents/split-document.ts'
import { createSeededRandom, findSuperLinear } from '../../testing/index.ts'

const listTexts = (content: string): string[] => splitDocument(content).map(({ text }) => text)
const createParagraph = (length: number): string => 'a'.repeat(length)

t.test('[DOC11] a piece begins at each heading and lists the headings above its text', async (t) => {
  const content = 'Before.\n\n# Ransomware\n\n## Contain it\nIsolate.\n\n## Recover\nRestore.\n\n# Phishing\nReset.\n'
  t.same(splitDocument(content), [
    { headings: [], anchor: '', text: 'Before.\n\n' },
    {
      headings: ['Ransomware', 'Contain it'],
      anchor: 'contain-it',
      text: '# Ransomware\n\n## Contain it\nIsolate.\n\n',
    },
    { headings: ['Ransomware', 'Recover'], anchor: 'recover', text: '## Recover\nRestore.\n\n' },
    { headings: ['Phishing'], anchor: 'phishing', text: '# Phishing\nReset.\n' },
  ])
})

t.test('[DOC11] headings of the same name have different anchors, without Markdown and punctuation', async (t) => {
  const content = '# **Step** `1`: 隔离主机!\na\n# Step 1\nb\n# Step 1\nc\n# Step 1-1\nd\n# ?!\ne\n'
  const anchors = splitDocument(content).map(({ anchor }) => anchor)
  t.same(anchors, ['step-1-隔离主机', 'step-1', 'step-1-1', 'step-1-1-1', 'section'])
  const [first] = splitDocument(content)
  t.same(first?.headings, ['Step 1: 隔离主机!'])
})

t.test('[DOC11] whole paragraphs share a piece until it is full', async (t) => {
  const content = [500, 500, 400, 600].map((length) => `${createParagraph(length)}\n\n`).join('')
  // The two line ends after each paragraph count, too.
  t.same(
    listTexts(content).map(({ length }) => length),
    [1_406, 602],
  )
})

t.test('[DOC11] code and tables that fit into a piece are never cut', async (t) => {
  const code = `\`\`\`sh\n${'run it now\n\n# no heading\n'.repeat(50)}\`\`\`\n`
  const table = `| host | state |\n|---|---|\n${'| a | isolated |\n'.repeat(80)}`
  t.ok(code.length < MAX_PIECE_CODE_UNITS && table.length < MAX_PIECE_CODE_UNITS)
  const content = `${createParagraph(900)}\n\n${code}\n${createParagraph(900)}\n\n${table}\n${createParagraph(900)}\n`
  const pieces = listTexts(content)
  for (const block of [code, table]) t.equal(pieces.filter((text) => text.includes(block)).length, 1)
})

t.test('[DOC11] a block that is too long is cut at the end of a line, of a sentence or at a blank', async (t) => {
  const lines = listTexts(`\`\`\`\n${'10.0.0.1 GET /\n'.repeat(300)}\`\`\`\n`)
  t.ok(lines.length > 2 && lines.every((text) => text.endsWith('\n')))
  const sentences = listTexts('隔离主机，并保留内存映像。'.repeat(300))
  t.ok(sentences.length > 2 && sentences.every((text) => text.endsWith('。')))
  const words = listTexts('isolate the host '.repeat(300))
  t.ok(words.slice(0, -1).every((text) => text.endsWith(' ')))
  const emoji = listTexts(`a${'😀'.repeat(3_000)}`)
  t.ok(emoji.length > 2 && emoji.every((text) => text.isWellFormed()), 'no character is cut')
})

/** Creates a random document of headings, paragraphs, code, tables, lists, quotes and blank lines. */
function createRandomDocument(seed: number): string {
  const random = createSeededRandom(seed)
  const createText = () => random.text(random.below(900), 'ab c.。隔😀\n`#|-> ')
  const blockCreators = [
    () => `${'#'.repeat(1 + random.below(6))} ${random.text(random.below(700), 'Ab 隔-')}\n`,
    () => `${createText()}\n\n`,
    () => `\`\`\`\n${createText()}\n${random.next() < 0.7 ? '```\n' : ''}`,
    () => `| a | b |\n|---|---|\n${'| c | d |\n'.repeat(random.below(300))}`,
    () => `- ${createText()}\n- ${createText()}\n`,
    () => `> ${createText()}\n`,
    () => '\n'.repeat(random.below(5)),
    () => '    indented code\n',
  ]
  return Array.from({ length: random.below(25) }, () => random.pick(blockCreators)()).join('')
}

t.test('[DOC11] the joined pieces are the text, and no piece is empty or over the limit', async (t) => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const content = createRandomDocument(seed)
    const pieces = splitDocument(content)
    const isTooLong = pieces.some(({ text }) => text.length > MAX_PIECE_CODE_UNITS + MAX_HEADINGS_CODE_UNITS)
    const isJoined = pieces.map(({ text }) => text).join('') === content
    if (!isJoined || isTooLong || pieces.some(({ text }) => text === '')) t.fail(`seed ${seed}`)
  }
  t.same(splitDocument(''), [])
})

t.test('[DOC12] splitting takes linear time', async (t) => t.same(findSuperLinear(splitDocument), []))

t.test('[DOC12] reading front matter takes linear time', async (t) => {
  t.same(
    findSuperLinear((text) => readFrontMatter(`---\n${text}`)),
    [],
  )
})
