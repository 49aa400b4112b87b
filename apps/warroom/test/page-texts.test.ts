import { findIndicators, listIndicators } from '@engineer-chat/chat/rooms'
import { findHiddenDestination, markDeceptive, toSafeHref } from '@engineer-chat/markdown'
import type { MessageWithContent } from '@engineer-chat/protocol'
import { test } from 'tap'
import { adminEn } from '../src/i18n/admin/en.ts'
import { adminZh } from '../src/i18n/admin/zh.ts'
import { en } from '../src/i18n/en.ts'
import { zh } from '../src/i18n/zh.ts'
import { mayBecomeQuestion, parseAddressee } from '../src/text/addressee.ts'
import { cutExcerpt, takeBeginning, toPlainLine } from '../src/text/excerpt.ts'
import { toFieldRows } from '../src/text/files/field-rows.ts'
import { listIndicatorsIn, splitByIndicators } from '../src/text/message-segments.ts'
import { formatExactTime, toDayKey } from '../src/text/time.ts'
import { isSendKey } from '../src/ui/composer/keys.ts'

test('[ROOM4] a text that begins with @AI, in any case and width, asks the AI, also directly before Chinese characters; a longer word does not', async (t) => {
  for (const text of ['@AI x', '@Ai x', '@ai x', '@aI, x', '@AI，x', '@AI:x', ' \n@AI x', '@AI你好']) {
    t.equal(parseAddressee(text).to, 'ai', text)
  }
  for (const text of ['＠AI x', '＠ＡＩ x', '@ａｉ x', '＠AI我们', '＠AI，x', '＠AI：x', '＠Ａi　x']) {
    t.equal(parseAddressee(text).to, 'ai', text)
  }
  for (const text of [
    '@AIM x',
    '@ai_x',
    '@AI2 x',
    'x @AI y',
    'AI x',
    '/@AI',
    '＠ＡＩＭ x',
    '@AI２ x',
    '@AI＿x',
    'ＡＩ x',
  ]) {
    t.equal(parseAddressee(text).to, 'room', text)
  }
  for (const text of ['@AI', '@ai  ', '@AI：', '@Ai,\n', '＠ＡＩ', '＠AI，'])
    t.equal(parseAddressee(text).to, 'ai_without_question', text)
  t.equal(parseAddressee(' \n ').to, 'nobody')
  t.same(parseAddressee('@AI, what now?'), { to: 'ai', question: 'what now?' })
  t.same(
    parseAddressee('＠ＡＩ，Ｗhat now？'),
    { to: 'ai', question: 'Ｗhat now？' },
    'the question stays as it is typed',
  )
})

test('[ROOM36] others do not see that a question is being typed, in half-width or full-width letters', async (t) => {
  for (const text of ['@', '＠', '＠Ａ', ' @ａ', '/', '／ｓ']) t.equal(mayBecomeQuestion(text), true, text)
  for (const text of ['＠b', 'Ａ', 'x＠']) t.equal(mayBecomeQuestion(text), false, text)
})

test('[ROOM15] each type of the agents’ messages has a label in both languages', async (t) => {
  const types = [
    'llm_request',
    'captain_llm_request',
    'llm_response',
    'operator_llm_response',
    'llm_roger_response',
    'task_assignment',
    'command_result',
    'execution_summary_generated',
    'event_summary_generated',
    'event_next_round_initiated',
    'event_completed_by_captain',
    'event_resolved_manual',
    'system_notification',
    'error_from_captain',
  ]
  for (const type of types) {
    const labelOfUnknownType = type.replaceAll('_', ' ')
    t.not(en.agent_type(type), labelOfUnknownType, type)
    t.match(zh.agent_type(type), /^\p{Script=Han}+$/u, type)
  }
})

test('[ROOM5] an Enter that belongs to an input method never sends', async (t) => {
  const enter = { key: 'Enter', shiftKey: false, altKey: false, isComposing: false, keyCode: 13 }
  t.equal(isSendKey(enter), true)
  t.equal(isSendKey({ ...enter, isComposing: true }), false)
  t.equal(isSendKey({ ...enter, keyCode: 229 }), false, 'some browsers set only the key code')
  t.equal(isSendKey({ ...enter, shiftKey: true }), false)
})

test('[ROOM6] a link may open only a web or mail address, and shows a destination that its text hides', async (t) => {
  for (const href of [
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:http://a/b',
    '/api/auth/logout',
    '//evil.example',
    '#/users',
    'https://user:secret@bank.example',
    'http://[',
  ]) {
    t.equal(toSafeHref(href), undefined, href)
  }
  t.equal(toSafeHref('https://a.example/b'), 'https://a.example/b')
  t.equal(toSafeHref('mailto:a@b.example'), 'mailto:a@b.example')
  t.equal(findHiddenDestination('https://evil.example/x', 'your bank'), 'evil.example')
  t.equal(findHiddenDestination('https://evil.example/x', 'https://bank.example'), 'evil.example')
  t.equal(findHiddenDestination('https://a.example/b', 'a.example/b'), undefined)
  t.equal(
    findHiddenDestination('https://xn--80ak6aa92e.com/', 'аррӏе.com'),
    'xn--80ak6aa92e.com',
    'letters that look like Latin ones hide the destination',
  )
})

const toWholeRange = (content: string) => ({ start: 0, end: content.length })
/** Splits the shown text at the indicators that the server finds in the content. */
const splitAtIndicators = (content: string, shownText = content, place?: { start: number; end: number }) =>
  splitByIndicators(shownText, listIndicatorsIn([...findIndicators(content)], toWholeRange(content), content), place)

test('[ROOM7] a text is split at the message’s indicators, and the joined segments equal the text', async (t) => {
  const content = '先查 hxxps://evil[.]example/a，再查 files.example、10.0.0.1'
  t.same(
    splitAtIndicators(content, content, toWholeRange(content)).map(({ text, indicator }) => [text, indicator?.value]),
    [
      ['先查 ', undefined],
      ['hxxps://evil[.]example/a', 'https://evil.example/a'],
      ['，再查 ', undefined],
      ['files.example', 'files.example'],
      ['、', undefined],
      ['10.0.0.1', '10.0.0.1'],
    ],
  )
})

test('[ROOM7] an indicator is marked where the server found it, not at the first equal text', async (t) => {
  for (const content of [
    'pa\u00adypal.com ypal.com',
    'file evil.com_backup.txt was sent to evil.com',
    'v1.2.3.4 and 1.2.3.4',
    'C:\\evil.com\\x.exe beacons to evil.com',
  ]) {
    for (const place of [toWholeRange(content), undefined]) {
      const segments = splitAtIndicators(content, content, place)
      t.equal(segments.map(({ text }) => text).join(''), content)
      t.equal(
        segments.findIndex(({ indicator }) => indicator),
        segments.length - 1,
        content,
      )
    }
  }
})

test('[ROOM7] an indicator that the page shows with other characters is not marked', async (t) => {
  const segments = splitAtIndicators('a evil.example b bad.example', 'a ***.example b bad.example')
  t.same(
    segments.map(({ text, indicator }) => [text, indicator?.value]),
    [
      ['a ***.example b ', undefined],
      ['bad.example', 'bad.example'],
    ],
  )
})

test('[ROOM7] indicators in inline code are found, although the source has backticks', async (t) => {
  const content = 'run `curl evil.example` now'
  const placeWithBackticks = { start: 4, end: 23 }
  const segments = splitAtIndicators(content, 'curl evil.example', placeWithBackticks)
  t.same(
    segments.map(({ text }) => text),
    ['curl ', 'evil.example'],
  )
})

test('[ROOM7] a field has the indicators that its JSON pointer names', async (t) => {
  const message_content = { content: '', 'a/b': ['10.0.0.1'] }
  const indicators = listIndicators({ message_category: 'agent', message_content })
  const [, , itemRow] = toFieldRows([
    { name: 'x', value: 1 },
    { name: 'a/b', value: ['10.0.0.1'] },
  ]).rows
  t.equal(itemRow?.path, indicators[0]?.path)
  t.match(listIndicatorsIn(indicators, { path: itemRow?.path ?? '' }, itemRow?.value ?? ''), [
    { start: 0, end: 8, type: 'ipv4' },
  ])
})

test('[ROOM6] a text that is made to be slow to parse becomes a plain line in less than a second', async (t) => {
  const SLOW_TEXTS = {
    brackets: '['.repeat(30_000),
    stars: '*a '.repeat(20_000),
    ticks: Array.from({ length: 300 }, (_, index) => '`'.repeat(index + 1)).join('a'),
    links: '[a]('.repeat(15_000),
    quotes: `${'> '.repeat(3_000)}x`,
    lists: Array.from({ length: 400 }, (_, index) => `${' '.repeat(index * 2)}- a`).join('\n'),
    table: `${'|'.repeat(30_000)}\n${'|-'.repeat(15_000)}`,
    tags: '<a '.repeat(20_000),
    mail: `${'a'.repeat(60_000)}@`,
    addresses: 'http://'.repeat(9_000),
  }
  for (const [name, text] of Object.entries(SLOW_TEXTS)) {
    const cpuBefore = process.threadCpuUsage() // The test measures CPU time, because other tests share this machine.
    toPlainLine(createAnswer(text))
    toPlainLine(createTypedMessage(text))
    const cpuMs = process.threadCpuUsage(cpuBefore).user / 1_000 // The usage is in microseconds.
    t.ok(cpuMs < 1_000, `${name}: ${cpuMs.toFixed(1)} ms`)
  }
})

test('[ROOM14] a time is exact in local time and in UTC, and the chosen clock decides when a day ends', async (t) => {
  const time = '2026-03-01T23:30:00.120Z'
  const [utcLine, localLine = ''] = formatExactTime(time).split('\n')
  t.equal(utcLine, time)
  const [, localTime, offset] = /^(\S+ \S+\.120) ([+-]\d\d:\d\d)$/.exec(localLine) ?? []
  t.equal(Date.parse(`${localTime?.replace(' ', 'T')}${offset}`), Date.parse(time), localLine)
  t.equal(toDayKey(time, 'utc'), '2026-03-01')
  const toLocalTime = (hours: number) => new Date(2026, 2, 1, hours).toISOString()
  t.equal(toDayKey(toLocalTime(0), 'local'), toDayKey(toLocalTime(23), 'local'))
  t.not(toDayKey(toLocalTime(23), 'local'), toDayKey(toLocalTime(24), 'local'))
})

test('[ROOM15] both languages have every message', async (t) => {
  t.same(listKeys(zh), listKeys(en))
  t.same(listKeys(adminZh), listKeys(adminEn))
  t.same(
    [en, zh, adminEn, adminZh].flatMap((catalog) => listEmptyMessages(catalog)),
    [],
  )
  const chineseTexts = JSON.stringify(zh, (_key, value) => (typeof value === 'function' ? value('2', '3') : value))
  const chineseCharacters = chineseTexts.match(/\p{Script=Han}/gu) ?? []
  t.ok(chineseCharacters.length > 1_000, 'the Chinese catalogue is in Chinese')
})

/** Lists the paths of all messages with their types, such as `.sign_in: string`. */
const listKeys = (value: unknown, path = ''): string[] =>
  value !== null && typeof value === 'object'
    ? Object.entries(value)
        .flatMap(([key, inner]) => listKeys(inner, `${path}.${key}`))
        .sort()
    : [`${path}: ${typeof value}`]

function listEmptyMessages(value: unknown, path = ''): string[] {
  if (value === '') return [path]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => listEmptyMessages(inner, `${path}.${key}`))
}

const createMessage = (text: string, sender_type: 'ai' | 'user'): MessageWithContent => ({
  message_category: 'engineer_chat',
  sender_type,
  message_content: { content: text },
})
const createAnswer = (text: string) => createMessage(text, 'ai')
const createTypedMessage = (text: string) => createMessage(text, 'user')

test('[ROOM33] a message in one line keeps its indicators, and a search result shows the text around the match', async (t) => {
  const text =
    '## Report\n\n- **fin-ws_042** called `evil-host[.]example`\n> said\n\n| a | b |\n|---|---|\n| x_y | -1 |\n```sh\nls *\n```'
  t.equal(toPlainLine(createAnswer(text)), 'Report fin-ws_042 called evil-host[.]example said a b x_y -1 sh ls *')
  const answerWithAddresses = createAnswer('see **https://evil.example/a**, 198.51.100.7')
  t.equal(takeBeginning(toPlainLine(answerWithAddresses), 80), 'see https://evil.example/a, 198.51.100.7')
  const longText = `${'before '.repeat(20)}The Needle${' after'.repeat(40)}`
  const excerpt = cutExcerpt(longText, 'needle')
  t.equal(excerpt.match, 'Needle')
  t.match(excerpt.before, /^….{20,45}The $/)
  t.match(excerpt.after, /^ after.*…$/)
  t.same(cutExcerpt(toPlainLine(createAnswer('## Seen\n\n- **fin-ws_042** again')), 'FIN-WS'), {
    before: 'Seen ',
    match: 'fin-ws',
    after: '_042 again',
  })
  t.same(cutExcerpt('evil[.]example', 'evil.example'), { before: 'evil[.]example', match: '', after: '' })
})

test('[ROOM33] an excerpt contains no half of a character, and shows where it was cut', async (t) => {
  const showEscaped = (text: string) => JSON.stringify(text)
  t.equal(takeBeginning('a𠮷𠮷', 5), 'a𠮷𠮷')
  t.equal(takeBeginning('a𠮷𠮷b', 4), 'a𠮷…')
  for (const characters of ['𠮷', '🦙', '👩‍💻', '👩🏽‍💻', '❤️‍🔥', '🇩🇪', '👍🏽']) {
    const line = `a${characters.repeat(200)}`
    for (let length = 1; length <= 24; length += 1) {
      const beginning = takeBeginning(line, length)
      t.ok(beginning.isWellFormed(), showEscaped(beginning))
      t.match(beginning, /^a[^⟨]*…$/, 'a whole emoji has no mark of an invisible character')
      const { before, match, after } = cutExcerpt(`${line}${'.'.repeat(length)}X${'.'.repeat(length)}${line}`, 'x')
      t.ok(before.isWellFormed() && after.isWellFormed(), showEscaped(before + after))
      t.match(markDeceptive(before), /^…[^⟨]*$/)
      t.match(markDeceptive(after), /^[^⟨]*…$/)
      t.equal(match, 'X')
    }
  }
  const unmatched = cutExcerpt(`a${'𠮷'.repeat(160)}`, 'x')
  t.same(unmatched, { before: `a${'𠮷'.repeat(79)}`, match: '', after: '…' })
  t.equal(takeBeginning('a\u200Db', 9), 'a⟨U+200D⟩b', 'an invisible character elsewhere is marked')
  t.match(cutExcerpt('evil\u200Dhost', 'host'), { before: 'evil\u200D', match: 'host', after: '' })
})

test('[PLACE3] a waiting reply shows its place in the queue and the estimated wait, in both languages', async (t) => {
  t.same(
    [1, 2, 3, 11, 12, 21, 101].map((place) => en.waiting_turn(place, null)),
    ['next', '2nd', '3rd', '11th', '12th', '21st', '101st'].map((place) => `Waiting, ${place}`),
  )
  t.equal(en.waiting_turn(12, 40), 'Waiting, 12th · about 40 s')
  t.equal(en.waiting_turn(200, 170), 'Waiting, 200th · about 3 min')
  t.equal(zh.waiting_turn(12, 40), '排队中，第 12 位 · 约 40 秒')
  t.equal(zh.waiting_turn(1, 170), '排队中，下一个就是你 · 约 3 分钟')
  t.equal(zh.waiting_turn(1, null), '排队中，下一个就是你')
})
