import { buildPrompt } from '@engineer-chat/chat/prompting'
import t from 'tap'
import { MARGIN_CHARACTERS, trimText, trimTexts } from '../../src/prompting/trim.ts'
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
const makeMany = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)

/** Holds a text and its secrets. Each secret but the last kind's is recognized only by text that may be far from it. */
const KINDS: Array<(random: SeededRandom) => { text: string; secrets: string[] }> = [
  (random) => {
    const secrets = makeMany(20 + random.below(400), () => createRandomText(random, 64))
    const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} RSA PRIVATE ${'KEY'}-----`)
    return { text: `${begin}\n${secrets.join('\n')}\n${end}\n`, secrets }
  },
  (random) => {
    const secrets = [
      `eyJ${createRandomText(random, 3_000)}`,
      `eyJ${createRandomText(random, 6_000)}`,
      createRandomText(random, 300),
    ]
    return { text: ` ${secrets.join('.')} `, secrets }
  },
  (random) => {
    const secrets = makeMany(1 + random.below(900), () => `${createRandomText(random, 16)}7`)
    return {
      text: `\nname,password,host\n${secrets.map((secret, at) => `u${at},${secret},web\n`).join('')}\n`,
      secrets,
    }
  },
  (random) => {
    const secrets = makeMany(1 + random.below(900), () => `${createRandomText(random, 16)}7`)
    const rows = secrets.map((secret, at) => `('u${at}', '${secret}')`).join(',\n')
    return { text: `\nINSERT INTO users (name, password) VALUES ${rows};\n`, secrets }
  },
  (random) => {
    const secret = `${createRandomText(random, 30)}7`
    return { text: ` password=${secret} `, secrets: [secret] }
  },
]

/** Any 16 characters of a secret are too many. */
const isPartOf = (secret: string, prompt: string): boolean =>
  makeMany(Math.ceil(secret.length / 16), () => 0).some((_, at) => {
    const part = secret.slice(at * 16, at * 16 + 16)
    return part.length === 16 && prompt.includes(part)
  })

t.test('[CTX7] a secret anywhere in a long text never reaches a prompt, in whole or in part', async (t) => {
  const random = createSeededRandom(13)
  let cuts = 0
  for (let times = 0; times < 120; times++) {
    const { text: secretText, secrets } = random.pick(KINDS)(random)
    const line = random.pick(LINES)
    const filler = line.repeat(Math.ceil((20_000 + random.below(100_000)) / line.length))
    const { missing } = trimText(filler, MAX_TOKENS)
    const [head] = trimText(filler, MAX_TOKENS).excerpts
    const edges = [head?.to ?? 0, (head?.to ?? 0) + MARGIN_CHARACTERS, (head?.to ?? 0) + missing - MARGIN_CHARACTERS]
    const at =
      random.below(3) === 0 ? random.below(filler.length) : random.pick(edges) - random.below(secretText.length)
    const text = filler.slice(0, Math.max(0, at)) + secretText + filler.slice(Math.max(0, at))
    if (trimText(text, MAX_TOKENS).missing > 0) cuts++
    const prompt = JSON.stringify(buildPrompt(createContext({ event: { message: text } }), SMALL, SETTINGS).turns)
    const leaked = secrets.find((secret) => isPartOf(secret, prompt))
    if (leaked !== undefined)
      t.fail('the prompt has a part of the secret', { secretText: secretText.slice(0, 60), place: at, times })
  }
  t.ok(cuts > 40, `${cuts} of the texts were long enough to be trimmed`)
})

t.test('[CTX7] no tail begins within a key or a table whose head is left out', async (t) => {
  const random = createSeededRandom(15)
  const before = 'a word of prose, and another one\n'.repeat(400)
  const [begin] = ['BEGIN'].map((word) => `-----${word} RSA PRIVATE ${'KEY'}-----`)
  const secrets = makeMany(9_000, () => `${createRandomText(random, 31)}7`)
  const goOn: Record<string, string> = {
    'a key': [begin, ...secrets].join('\n'),
    'a table': ['name,password,host', ...secrets.map((secret, at) => `u${at},${secret},web`)].join('\n'),
    'rows of an INSERT': `INSERT INTO users (name, password) VALUES ${secrets.map((secret) => `('u', '${secret}')`).join(',\n')}`,
    'a token': `token=${secrets.join('')}`,
  }
  for (const [name, text] of Object.entries(goOn)) {
    const [, tail] = trimText(before + text, MAX_TOKENS).excerpts
    t.equal(tail?.text.slice(tail.from, tail.to), '', name)
    const ended = trimText(`${before + text}\n${before.repeat(4)}`, MAX_TOKENS).excerpts[1]
    t.notOk(
      secrets.some((secret) => ended?.text.slice(ended.from, ended.to).includes(secret)),
      `${name} that ends`,
    )
  }
})

t.test('[CTX7] a text within its share of the tokens is searched and included as a whole', async (t) => {
  const random = createSeededRandom(14)
  for (let times = 0; times < 50; times++) {
    const text = createRandomText(random, random.below(20_000))
    t.same(trimText(text, text.length * MAX_TOKENS_PER_CHARACTER), {
      excerpts: [{ text, from: 0, to: text.length }],
      missing: 0,
    })
  }
  const given = makeMany(40, () => random.below(400)).map((length, at) => ({
    id: `msg${at}`,
    kind: 'message' as const,
    label: '',
    text: createRandomText(random, length),
  }))
  const history = makeMany(20, () => ({
    question: createRandomText(random, 200),
    answer: createRandomText(random, 900),
  }))
  const { sources, history: kept } = trimTexts({ sources: given, history, question: '' }, 30_000)
  t.same(
    sources.map(({ source }) => source),
    given,
  )
  t.same(kept, history)
})

t.test('[CTX7] of turns and messages the newest are kept; the missing length of a text is stated once', async (t) => {
  const history = makeMany(100, () => 0).map((_, at) => ({ question: `Q${at}`, answer: 'why not '.repeat(500) }))
  const kept = trimTexts({ sources: [], history, question: '' }, 3_000).history
  t.ok(kept.length > 1 && kept.length < 30)
  t.equal(kept.at(-1)?.question, 'Q99')
  const message = `first ${'log line after log line\n'.repeat(5_000)}last`
  const system = buildPrompt(createContext({ event: { message } }), SMALL, SETTINGS).turns[0]?.content ?? ''
  const [, prompted = '', characters = ''] =
    /description\n(first [\s\S]+?\[… (\d+) characters[\s\S]+?last)\n/.exec(system) ?? []
  t.equal(prompted.split('left out here').length, 2)
  const note = `\n[… ${characters} characters are left out here …]\n`
  t.equal(prompted.length - note.length + Number(characters), message.length)
})

t.test('[CTX7] the budget bounds the text that is searched for secrets, however full the room is', async (t) => {
  const text = 'a line of a log, as long as many\n'.repeat(3_900)
  const countSearchedCharacters = (count: number) => {
    const given = makeMany(count, () => 0).map((_, at) => ({
      id: `x${at}`,
      kind: at < 10 ? ('summary' as const) : ('message' as const),
      label: '',
      text,
    }))
    const history = makeMany(count, () => ({ question: text, answer: text }))
    const { sources, history: kept } = trimTexts({ sources: given, history, question: '' }, 30_000)
    const excerpts = sources.flatMap(({ trimmed }) => trimmed.excerpts)
    return [
      ...excerpts.map((excerpt) => excerpt.text),
      ...kept.flatMap(({ question, answer }) => [question, answer]),
    ].join('').length
  }
  t.equal(countSearchedCharacters(200), countSearchedCharacters(100))
  t.ok(countSearchedCharacters(200) < 20 * text.length)
})

t.test('[LINEAR1] a text is trimmed in linear time', async (t) => {
  t.same(
    findSuperLinear((text) => trimText(text, 1_000)),
    [],
  )
})
