import { parseCommand } from '@engineer-chat/chat/prompting'
import { AI_COMMANDS, type AiCommand, type Message } from '@engineer-chat/protocol'
import type { Request } from 'playwright-core'
import t from 'tap'
import { parseAddressee } from '../src/text/addressee.ts'
import { correctCommand, findMeantCommand, PAGE_COMMANDS } from '../src/text/commands.ts'
import { listViolations } from '../testing/axe.ts'
import {
  getComposer,
  switchToChinese,
  TEST_FILE_TIMEOUT_MS,
  waitForAnswerEnd,
  writeToRoom,
} from '../testing/browser.ts'
import { startWarRoom } from '../testing/war-room.ts'

// All questions of CASES are asked in one session, which needs more rounds than the default.
const warRoom = await startWarRoom({ env: { ENGINEER_CHAT_MAX_ROUNDS: '60' } })
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

interface AddressingCase {
  text: string
  /**
   * `ai`, `room` and `page` name who receives the text. In the other cases the page sends nothing: for `did_you_mean`
   * it asks whether the writer meant a command, and for `question_missing` it says that the text has no question.
   */
  outcome: 'ai' | 'room' | 'page' | 'did_you_mean' | 'question_missing'
  /** Names the command that the text gives to the AI. */
  command?: AiCommand
  /** Names the command that the page suggests. */
  suggestedCommand?: string
}

const CASES: readonly AddressingCase[] = [
  { text: 'plain words', outcome: 'room' },
  { text: 'then @AI what now?', outcome: 'room' },
  { text: '@AIM for the host', outcome: 'room' },
  { text: '@alice look at /summary', outcome: 'room' },
  { text: '/', outcome: 'room' },
  { text: '/etc/passwd was read', outcome: 'room' },
  { text: '/search.log is full', outcome: 'room' },
  { text: '//share/finance', outcome: 'room' },
  { text: '/ summary', outcome: 'room' },
  { text: '/quarantine host 7', outcome: 'room' },
  { text: '@AI what now?', outcome: 'ai' },
  { text: '@ai：现在怎么办？', outcome: 'ai' },
  { text: '@AI /etc/passwd was read', outcome: 'ai' },
  { text: '@AI', outcome: 'question_missing' },
  { text: '@ai, ', outcome: 'question_missing' },
  { text: '＠AI what now?', outcome: 'ai' },
  { text: '＠ＡＩ 密码是什么', outcome: 'ai' },
  { text: '@ａｉ 密码是什么', outcome: 'ai' },
  { text: '＠AI我们被入侵了吗', outcome: 'ai' },
  { text: '＠AI，现在怎么办？', outcome: 'ai' },
  { text: '＠AI：现在怎么办？', outcome: 'ai' },
  { text: '＠ＡＩＭ for the host', outcome: 'room' },
  { text: '请问＠AI 怎么办', outcome: 'room' },
  { text: '＠ＡＩ：', outcome: 'question_missing' },
  { text: '／ｓｕｍｍａｒｙ', outcome: 'ai', command: 'summary' },
  { text: '＠ＡＩ　／近况', outcome: 'ai', command: 'catchup' },
  { text: '／ｕｔｃ', outcome: 'page' },
  { text: '＠AI ／ｓｕｍｍｅｒｙ', outcome: 'did_you_mean', suggestedCommand: 'summary' },
  ...AI_COMMANDS.flatMap(({ name, chineseName }): AddressingCase[] => [
    { text: `/${name}`, outcome: 'ai', command: name },
    { text: `/${name.toUpperCase()} the VPN`, outcome: 'ai', command: name },
    { text: `@AI /${name}: the VPN`, outcome: 'ai', command: name },
    { text: `／${chineseName}`, outcome: 'ai', command: name },
    { text: `@AI /${chineseName}：夜班`, outcome: 'ai', command: name },
  ]),
  { text: '/utc', outcome: 'page' },
  { text: '／local', outcome: 'page' },
  { text: '/UTC', outcome: 'page' },
  { text: '/summery', outcome: 'did_you_mean', suggestedCommand: 'summary' },
  { text: '@AI /summery of the VPN', outcome: 'did_you_mean', suggestedCommand: 'summary' },
  { text: '/catchpu', outcome: 'did_you_mean', suggestedCommand: 'catchup' },
  { text: '/hand', outcome: 'did_you_mean', suggestedCommand: 'handover' },
  { text: '/summary, please', outcome: 'did_you_mean', suggestedCommand: 'summary' },
  { text: '/share now', outcome: 'did_you_mean', suggestedCommand: 'share' },
  { text: '@AI /share', outcome: 'did_you_mean', suggestedCommand: 'share' },
  { text: '/总', outcome: 'room' },
  { text: '/总结一', outcome: 'did_you_mean', suggestedCommand: '总结' },
  { text: '／总结昨晚的告警', outcome: 'did_you_mean', suggestedCommand: '总结' },
  { text: '@AI /时间线请给我', outcome: 'did_you_mean', suggestedCommand: '时间线' },
]

t.test('[ROOM50] a text goes to the recipient that the page shows, however it is addressed', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context, errors } = await warRoom.openAsEngineer('ada', event_id)
  const sentTexts: string[] = []
  page.on('request', (request) => sentTexts.push(...listSentTexts(request)))
  for (const addressingCase of CASES) {
    const { text, outcome, command, suggestedCommand } = addressingCase
    await writeToRoom(page)
    await getComposer(page).fill(text)
    const recipientLine = (await page.locator('.under .to').innerText()).replaceAll(/\s+/g, ' ')
    t.match(recipientLine, toExpectedLine(addressingCase), `${text}: the line below the box shows the recipient`)
    await page.keyboard.press('Escape') // This closes the suggestions, because Enter would choose one of them.
    sentTexts.length = 0
    const isSent = outcome === 'ai' || outcome === 'room'
    const sending = isSent && page.waitForRequest((request) => listSentTexts(request).length > 0)
    await getComposer(page).press('Enter')
    if (outcome === 'did_you_mean') {
      const suggestion = page.locator('.did-you-mean', { hasText: `Did you mean /${suggestedCommand}?` })
      await suggestion.locator('[role=alert]').waitFor()
      t.equal(await getComposer(page).inputValue(), text, `${text}: the text stays in the box`)
    } else if (outcome === 'question_missing') {
      await page.locator('.under .error-text', { hasText: 'What do you want to ask?' }).waitFor()
    } else {
      await page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.value === '')
      await sending // Without this, a busy page may not show the unsent text yet, when the next line looks for it.
      await page.locator('.unsent').waitFor({ state: 'detached' })
    }
    t.same(sentTexts, isSent ? [`${outcome} ${text.trim()}`] : [], `${text}: the recipient of the sent text`)
    if (outcome === 'ai') t.equal(parseCommand(text)?.command, command, `${text}: the server finds the same command`)
  }
  const response = await warRoom.alice.call<{ messages: Message[] }>(
    warRoom.getApiUrl(0),
    'GET',
    `/api/events/${event_id}/messages?limit=100`,
  )
  t.same(
    response.body.messages.map(({ message_content }) => message_content.content),
    CASES.filter(({ outcome }) => outcome === 'room').map(({ text }) => text),
    'the room has exactly the texts for the room',
  )
  t.same(errors, [])
  await context.close()
})

t.test('[ROOM50] one press corrects a mistyped command or sends it as it is, in both languages', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  const { page, context } = await warRoom.openAsEngineer('bea', event_id)
  await getComposer(page).fill('/summery the VPN')
  await getComposer(page).press('Enter')
  await getComposer(page).press('Enter')
  const suggestion = page.locator('.did-you-mean')
  await suggestion.locator('button', { hasText: 'Use /summary' }).waitFor()
  t.same(await listViolations(page), [])
  t.equal(await page.locator('.message').count(), 0, 'a second Enter sends nothing either')
  await suggestion.locator('button', { hasText: 'Use /summary' }).click()
  t.equal(await getComposer(page).inputValue(), '/summary the VPN')
  t.equal(await suggestion.count(), 0)
  t.ok(await getComposer(page).evaluate((box) => box === document.activeElement))
  await getComposer(page).press('Enter')
  await waitForAnswerEnd(page)

  await switchToChinese(page)
  await writeToRoom(page)
  await getComposer(page).fill('/stpo')
  await page.locator('.under .to', { hasText: '不是命令，将作为消息发送' }).waitFor()
  await getComposer(page).press('Enter')
  await suggestion.locator('[role=alert]', { hasText: '你是想输入 /stop 吗？尚未发送。' }).waitFor()
  await suggestion.locator('button', { hasText: '原样发给房间' }).click()
  await page.locator('.message.room', { hasText: '/stpo' }).waitFor()
  await context.close()
})

t.test('[ROOM50] only a word that is close to a command counts as a mistyped command', async (t) => {
  const suggestCommand = (text: string) => {
    const addressed = parseAddressee(text)
    return addressed.to === 'room' || addressed.to === 'ai' ? addressed.meantCommand : undefined
  }
  for (const name of PAGE_COMMANDS) t.same(parseAddressee(`/${name}`), { to: 'page', command: name })
  for (const text of ['/tmp', '/var', '/root', '/proc is full', '/x', '/whoami', '/aaaaaaaaaaaaaaaaaaaaaaaa'])
    t.equal(suggestCommand(text), undefined, text)
  t.equal(suggestCommand('/hepl'), 'help', 'two letters in the wrong order are one mistake')
  t.equal(suggestCommand('/news'), 'new')
  t.equal(suggestCommand('/shrae'), 'share')
  t.equal(correctCommand('@AI, /summery of it', 'summary'), '@AI, /summary of it')
  t.equal(correctCommand('/shrae it', 'share'), '/share')
  t.equal(correctCommand('＠ＡＩ，／ｓｕｍｍｅｒｙ of it', 'summary'), '＠ＡＩ，/summary of it')
})

t.test('[ROOM50] the page asks about a Chinese command without a space, and one press inserts the space', async (t) => {
  for (const [text, name, corrected] of [
    ['/总结昨晚的告警', '总结', '/总结 昨晚的告警'],
    ['/总结一下', '总结', '/总结 一下'],
    ['/总结一', '总结', '/总结 一'],
    ['／总结FS-01', '总结', '/总结 FS-01'],
    ['/时间线请给我10.0.0.1的', '时间线', '/时间线 请给我10.0.0.1的'],
    ['＠AI，/复盘上周那次很长很长很长很长的事件', '复盘', '＠AI，/复盘 上周那次很长很长很长很长的事件'],
  ] as const) {
    const addressed = parseAddressee(text)
    t.match(addressed, { to: /^[@＠]/.test(text) ? 'ai' : 'room', meantCommand: name }, text)
    t.equal(correctCommand(text, name), corrected)
    t.match(parseAddressee(corrected), { to: 'ai', command: parseCommand(`/${name}`)?.command }, corrected)
  }
  for (const text of ['/总结.md', '/总结/2024', '/总-结', '看/总结一下'])
    t.equal(parseAddressee(text).to === 'room' && findMeantCommand(text), undefined, text)
})

/** Returns a pattern of the line that the page shows below the box for the text. */
function toExpectedLine({ text, outcome, command }: AddressingCase): RegExp {
  if (outcome === 'page') return /A command of this page: it is sent to nobody/
  const beginsWithMention = /^[@＠]/.test(text)
  const isForRoom = outcome === 'room' || (outcome === 'did_you_mean' && !beginsWithMention)
  if (!isForRoom) return command === undefined ? /Ask the AI(?!:)/ : new RegExp(`Ask the AI: /${command}`)
  const looksLikeCommand = /^[/／]/.test(text)
  if (looksLikeCommand) return /To the room: .* · not a command, so a message/
  const hasLaterMention = /.[@＠]AI/.test(text)
  if (hasLaterMention) return /To the room: [^·]*· @AI asks only/
  return /To the room: [^·]*$/
}

/** Returns `<recipient> <text>` for a request that sends a message, and an empty list for another request. */
function listSentTexts(request: Request): string[] {
  if (request.method() !== 'POST' || !/\/(send|messages)$/.test(new URL(request.url()).pathname)) return []
  const { message }: { message: string } = request.postDataJSON()
  return [`${request.url().endsWith('/send') ? 'ai' : 'room'} ${message}`]
}
