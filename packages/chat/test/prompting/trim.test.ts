import { buildPrompt } from '@engineer-chat/chat/prompting'
import t from 'tap'
import { createRedactor } from '../../src/prompting/redaction/redactor.ts'
import { MARGIN_CHARACTERS, trimParts, trimText } from '../../src/prompting/trim.ts'
import { findSuperLinear } from '../../testing/index.ts'
import { createSeededRandom, type SeededRandom } from '../../testing/seeded-random.ts'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const SMALL = { ...MODEL, context_window: 4_096, max_tokens: 512 }
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789']
const LINES = [
  'Jan 31 12:00:01 web-1 sshd[411]: connection closed by host\n',
  '登录失败，主机已隔离。\n',
  'a word of prose, and another one; ',
  'GET /index.html 200\n',
]

const MAX_TOKENS = 6_000
/** No text has more tokens than this for each of its characters. */
const MAX_TOKENS_PER_CHARACTER = 3

const createRandomText = (random: SeededRandom, length: number): string =>
  Array.from({ length }, () => random.pick(LETTERS)).join('')
const createMany = <T>(count: number, create: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => create(index))

/**
 * Creates texts with secrets in them. All of these secrets except the named value are recognized only by other text that
 * may be far from them.
 */
const SECRET_TEXTS: Record<string, (random: SeededRandom) => { text: string; secrets: string[] }> = {
  'a private key': (random) => {
    const secrets = createMany(20 + random.below(400), () => createRandomText(random, 64))
    const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} RSA PRIVATE ${'KEY'}-----`)
    return { text: `${begin}\n${secrets.join('\n')}\n${end}\n`, secrets }
  },
  'a JSON Web Token': (random) => {
    const secrets = [
      `eyJ${createRandomText(random, 3_000)}`,
      `eyJ${createRandomText(random, 6_000)}`,
      createRandomText(random, 300),
    ]
    return { text: ` ${secrets.join('.')} `, secrets }
  },
  'a table': (random) => {
    const secrets = createMany(1 + random.below(900), () => `${createRandomText(random, 16)}7`)
    return {
      text: `\nname,password,host\n${secrets.map((secret, index) => `u${index},${secret},web\n`).join('')}\n`,
      secrets,
    }
  },
  'rows of an INSERT': (random) => {
    const secrets = createMany(1 + random.below(900), () => `${createRandomText(random, 16)}7`)
    const rows = secrets.map((secret, index) => `('u${index}', '${secret}')`).join(',\n')
    return { text: `\nINSERT INTO users (name, password) VALUES ${rows};\n`, secrets }
  },
  'a named value': (random) => {
    const secret = `${createRandomText(random, 30)}7`
    return { text: ` password=${secret} `, secrets: [secret] }
  },
}

const LEAK_CHARACTERS = 16
/** Returns true if the prompt has one of the parts of this length that the secret consists of. */
const holdsPartOf = (prompt: string, secret: string): boolean =>
  createMany(Math.floor(secret.length / LEAK_CHARACTERS), (index) => index * LEAK_CHARACTERS).some((start) =>
    prompt.includes(secret.slice(start, start + LEAK_CHARACTERS)),
  )

t.test('[CTX7] a secret anywhere in a long text never reaches a prompt, in whole or in part', async (t) => {
  const random = createSeededRandom(13)
  let trimmedCount = 0
  for (let times = 0; times < 120; times++) {
    const { text: secretText, secrets } = random.pick(Object.values(SECRET_TEXTS))(random)
    const line = random.pick(LINES)
    const filler = line.repeat(Math.ceil((20_000 + random.below(100_000)) / line.length))
    const { excerpts, missingCharacters } = trimText(filler, MAX_TOKENS)
    const headEnd = excerpts[0]?.to ?? 0
    const edges = [headEnd, headEnd + MARGIN_CHARACTERS, headEnd + missingCharacters - MARGIN_CHARACTERS]
    const position = Math.max(
      0,
      random.below(3) === 0 ? random.below(filler.length) : random.pick(edges) - random.below(secretText.length),
    )
    const text = filler.slice(0, position) + secretText + filler.slice(position)
    if (trimText(text, MAX_TOKENS).missingCharacters > 0) trimmedCount++
    const prompt = JSON.stringify(buildPrompt(createContext({ event: { message: text } }), SMALL, SETTINGS).turns)
    const leakedSecret = secrets.find((secret) => holdsPartOf(prompt, secret))
    if (leakedSecret !== undefined)
      t.fail('the prompt has a part of the secret', { secretText: secretText.slice(0, 60), position, times })
  }
  t.ok(trimmedCount > 40, `${trimmedCount} of the texts were long enough to be trimmed`)
})

t.test(
  '[CTX7] no head shows a key, a table or a list, and no tail begins within one whose head is left out',
  async (t) => {
    const random = createSeededRandom(15)
    const prose = 'a word of prose, and another one\n'.repeat(400)
    const beginLine = `-----BEGIN RSA PRIVATE ${'KEY'}-----`
    const secrets = createMany(9_000, () => `${createRandomText(random, 31)}7`)
    const breakUp = (secret: string): string => secret.replace(/.{9}/g, '$&!') // No line of a key looks like this.
    const notes = ['none', '"a, b"', '"two\n\nlines of text\nand one\nand two, or\nthree"', 'see "a, b"', '19" rack']
    const longTexts: Record<string, string> = {
      'a key': [beginLine, ...secrets].join('\n'),
      'a table': ['name,password,host', ...secrets.map((secret, index) => `u${index},${secret},web`)].join('\n'),
      'a table with quotes': [
        'name,note,password',
        ...secrets.map((secret, index) => `anna,${notes[index % notes.length]},${breakUp(secret)}`),
      ].join('\n'),
      'rows of an INSERT': `INSERT INTO users (name, password) VALUES ${secrets.map((secret) => `('u', '${secret}')`).join(',\n')}`,
      'aligned columns': ['User      Password', ...secrets.map((secret) => `anna      ${breakUp(secret)}`)].join('\n'),
      'a list': ['  passwords:', ...secrets.map((secret) => `    - ${breakUp(secret)}`)].join('\n'),
      'a list in one line': `"passwords": [${secrets.map((secret) => `"${breakUp(secret)}"`).join(', ')}]`,
      'a list in brackets': `"passwords": [\n${secrets.map((secret, index) => `"${breakUp(secret)}${','.repeat(index % 3)}"`).join(',\n')}]`,
      'a list with blank lines': `"passwords": [\n${secrets.map((secret) => `"${breakUp(secret)}"`).join(',\n\n')}]`,
      'a token': `token=${secrets.join('')}`,
    }
    for (const [name, text] of Object.entries(longTexts)) {
      const [head, tail] = trimText(text, MAX_TOKENS).excerpts
      const shownHead =
        head && createRedactor([head.text], { isMailRedacted: true }).redact(head.text, head.from, head.to)
      t.notOk(
        secrets.some((secret) => shownHead?.includes(secret) || shownHead?.includes(breakUp(secret))),
        `the head of ${name}`,
      )
      t.equal(tail?.text.slice(tail.from, tail.to), '', name)
      const [, tailWithProse] = trimText(`${prose + text}\n${prose.repeat(4)}`, MAX_TOKENS).excerpts
      const shownTail = tailWithProse?.text.slice(tailWithProse.from, tailWithProse.to)
      t.notOk(
        secrets.some((secret) => shownTail?.includes(secret) || shownTail?.includes(breakUp(secret))),
        `${name} with prose after it`,
      )
    }
  },
)

t.test('[CTX7] a text within its share of the tokens is searched and included as a whole', async (t) => {
  const random = createSeededRandom(14)
  for (let times = 0; times < 50; times++) {
    const text = createRandomText(random, random.below(20_000))
    t.same(trimText(text, text.length * MAX_TOKENS_PER_CHARACTER), {
      excerpts: [{ text, from: 0, to: text.length }],
      missingCharacters: 0,
    })
  }
  const shortSources = createMany(40, (index) => ({
    id: `msg${index}`,
    kind: 'message' as const,
    label: '',
    text: createRandomText(random, random.below(400)),
  }))
  const history = createMany(20, () => ({
    question: createRandomText(random, 200),
    answer: createRandomText(random, 900),
  }))
  const trimmed = trimParts({ sources: shortSources, history, question: '' }, 30_000)
  t.same(
    trimmed.sources.map(({ source }) => source),
    shortSources,
  )
  t.same(trimmed.history, history)
})

t.test('[CTX7] of turns and messages the newest are kept; the missing length of a text is stated once', async (t) => {
  const history = createMany(100, (index) => ({ question: `Q${index}`, answer: 'why not '.repeat(500) }))
  const keptTurns = trimParts({ sources: [], history, question: '' }, 3_000).history
  t.ok(keptTurns.length > 1 && keptTurns.length < 30)
  t.equal(keptTurns.at(-1)?.question, 'Q99')
  const message = `first ${'log line after log line\n'.repeat(5_000)}last`
  const system = buildPrompt(createContext({ event: { message } }), SMALL, SETTINGS).turns[0]?.content ?? ''
  const [, description = '', missingCharacters = ''] =
    /description\n(first [\s\S]+?\[… (\d+) characters[\s\S]+?last)\n/.exec(system) ?? []
  t.equal(description.split('left out here').length, 2)
  const note = `\n[… ${missingCharacters} characters are left out here …]\n`
  t.equal(description.length - note.length + Number(missingCharacters), message.length)
})

t.test(
  '[CTX7] the limit of tokens bounds the text that is searched for secrets, however full the room is',
  async (t) => {
    const text = 'a line of a log, as long as many\n'.repeat(3_900)
    const countSearchedCharacters = (count: number) => {
      const fullRoom = createMany(count, (index) => ({
        id: `source-${index}`,
        kind: index < 10 ? ('summary' as const) : ('message' as const),
        label: '',
        text,
      }))
      const history = createMany(count, () => ({ question: text, answer: text }))
      const trimmed = trimParts({ sources: fullRoom, history, question: '' }, 30_000)
      const excerpts = trimmed.sources.flatMap((source) => source.trimmed.excerpts)
      return [
        ...excerpts.map((excerpt) => excerpt.text),
        ...trimmed.history.flatMap(({ question, answer }) => [question, answer]),
      ].join('').length
    }
    t.equal(countSearchedCharacters(200), countSearchedCharacters(100))
    t.ok(countSearchedCharacters(200) < 20 * text.length)
  },
)

t.test('[LINEAR1] a text is trimmed in linear time', async (t) => {
  t.same(
    findSuperLinear((text) => trimText(text, 1_000)),
    [],
  )
})
