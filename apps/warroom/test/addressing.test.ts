import { parseCommand } from '@engineer-chat/chat/prompting'
import { AI_COMMANDS, type AiCommand, type Message } from '@engineer-chat/protocol'
import type { Request } from 'playwright-core'
import t from 'tap'
import { parseAddressee } from '../src/text/addressee.ts'
import { correctCommand, PAGE_COMMANDS } from '../src/text/commands.ts'
import { listViolations } from '../testing/axe.ts'
import { getComposer, switchToChinese, writeToRoom } from '../testing/browser.ts'
import { openWarRoom } from '../testing/war-room.ts'

const room = await openWarRoom({ env: { ENGINEER_CHAT_MAX_ROUNDS: '60' } })
t.setTimeout(240_000)
t.teardown(() => room.stop())

interface Way {
  text: string
  /** `asks` means that nothing is sent before somebody says what was meant. */
  goes: 'ai' | 'room' | 'page' | 'nowhere' | 'asks'
  command?: AiCommand
  meant?: string
}

const WAYS: readonly Way[] = [
  { text: 'plain words', goes: 'room' },
  { text: 'then @AI what now?', goes: 'room' },
  { text: '@AIM for the host', goes: 'room' },
  { text: '@alice look at /summary', goes: 'room' },
  { text: '/', goes: 'room' },
  { text: '/etc/passwd was read', goes: 'room' },
  { text: '/search.log is full', goes: 'room' },
  { text: '//share/finance', goes: 'room' },
  { text: '/ summary', goes: 'room' },
  { text: '/quarantine host 7', goes: 'room' },
  { text: '@AI what now?', goes: 'ai' },
  { text: '@ai：现在怎么办？', goes: 'ai' },
  { text: '@AI /etc/passwd was read', goes: 'ai' },
  { text: '@AI', goes: 'nowhere' },
  { text: '@ai, ', goes: 'nowhere' },
  { text: '＠AI what now?', goes: 'ai' },
  { text: '＠ＡＩ 密码是什么', goes: 'ai' },
  { text: '@ａｉ 密码是什么', goes: 'ai' },
  { text: '＠AI我们被入侵了吗', goes: 'ai' },
  { text: '＠AI，现在怎么办？', goes: 'ai' },
  { text: '＠AI：现在怎么办？', goes: 'ai' },
  { text: '＠ＡＩＭ for the host', goes: 'room' },
  { text: '请问＠AI 怎么办', goes: 'room' },
  { text: '＠ＡＩ：', goes: 'nowhere' },
  { text: '／ｓｕｍｍａｒｙ', goes: 'ai', command: 'summary' },
  { text: '＠ＡＩ　／近况', goes: 'ai', command: 'catchup' },
  { text: '／ｕｔｃ', goes: 'page' },
  { text: '＠AI ／ｓｕｍｍｅｒｙ', goes: 'asks', meant: 'summary' },
  ...AI_COMMANDS.flatMap(({ name, chineseName }): Way[] => [
    { text: `/${name}`, goes: 'ai', command: name },
    { text: `/${name.toUpperCase()} the VPN`, goes: 'ai', command: name },
    { text: `@AI /${name}: the VPN`, goes: 'ai', command: name },
    { text: `／${chineseName}`, goes: 'ai', command: name },
    { text: `@AI /${chineseName}：夜班`, goes: 'ai', command: name },
  ]),
  { text: '/utc', goes: 'page' },
  { text: '／local', goes: 'page' },
  { text: '/UTC', goes: 'page' },
  { text: '/summery', goes: 'asks', meant: 'summary' },
  { text: '@AI /summery of the VPN', goes: 'asks', meant: 'summary' },
  { text: '/catchpu', goes: 'asks', meant: 'catchup' },
  { text: '/hand', goes: 'asks', meant: 'handover' },
  { text: '/summary, please', goes: 'asks', meant: 'summary' },
  { text: '/share now', goes: 'asks', meant: 'share' },
  { text: '@AI /share', goes: 'asks', meant: 'share' },
  { text: '/总', goes: 'room' },
  { text: '/总结一', goes: 'asks', meant: '总结' },
]

t.test('[ROOM50] what a text is for is what is said and done: every way of addressing', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context, errors } = await room.openAsEngineer('ada', event_id)
  const sent: string[] = []
  page.on('request', (request) => sent.push(...describeSend(request)))
  for (const { text, goes, command, meant } of WAYS) {
    await writeToRoom(page)
    await getComposer(page).fill(text)
    const line = (await page.locator('.under .to').innerText()).replaceAll(/\s+/g, ' ')
    t.match(line, sayWhere(text, goes, command), `${text}: what is said`)
    await page.keyboard.press('Escape') // Closes the suggestions, which the Enter would take.
    sent.length = 0
    await getComposer(page).press('Enter')
    if (goes === 'asks') {
      const question = page.locator('.did-you-mean', { hasText: `Did you mean /${meant}?` })
      await question.locator('[role=alert]').waitFor()
      t.equal(await getComposer(page).inputValue(), text, `${text} stays`)
    } else if (goes === 'nowhere') {
      await page.locator('.under .error-text', { hasText: 'What do you want to ask?' }).waitFor()
    } else {
      await page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.value === '')
      if (goes !== 'page') await page.locator('.unsent').waitFor({ state: 'detached' })
    }
    t.same(sent, goes === 'ai' || goes === 'room' ? [`${goes} ${text.trim()}`] : [], `${text}: where it goes`)
    if (goes === 'ai') t.equal(parseCommand(text)?.command, command, `${text}: the server reads the same`)
  }
  const rows = await room.alice.call<{ messages: Message[] }>(
    room.getApiUrl(0),
    'GET',
    `/api/events/${event_id}/messages?limit=100`,
  )
  t.same(
    rows.body.messages.map(({ message_content }) => message_content.content),
    WAYS.filter(({ goes }) => goes === 'room').map(({ text }) => text),
    'the room has what is said to the room, and no command',
  )
  t.same(errors, [])
  await context.close()
})

t.test('[ROOM50] a mistyped command is corrected or sent as it is by one press, in both languages', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('bea', event_id)
  await getComposer(page).fill('/summery the VPN')
  await getComposer(page).press('Enter')
  await getComposer(page).press('Enter')
  const question = page.locator('.did-you-mean')
  await question.locator('button', { hasText: 'Use /summary' }).waitFor()
  t.same(await listViolations(page), [])
  t.equal(await page.locator('.message').count(), 0, 'a second Enter sends nothing either')
  await question.locator('button', { hasText: 'Use /summary' }).click()
  t.equal(await getComposer(page).inputValue(), '/summary the VPN')
  t.equal(await question.count(), 0)
  t.ok(await getComposer(page).evaluate((box) => box === document.activeElement))
  await getComposer(page).press('Enter')
  await page.locator('.message[data-kind=ai] .facts').waitFor()

  await switchToChinese(page)
  await writeToRoom(page)
  await getComposer(page).fill('/stpo')
  await page.locator('.under .to', { hasText: '不是命令，将作为消息发送' }).waitFor()
  await getComposer(page).press('Enter')
  await question.locator('[role=alert]', { hasText: '你是想输入 /stop 吗？尚未发送。' }).waitFor()
  await question.locator('button', { hasText: '原样发给房间' }).click()
  await page.locator('.message.room', { hasText: '/stpo' }).waitFor()
  await context.close()
})

t.test('[ROOM50] only what is close to a command is taken for one', async (t) => {
  const meant = (text: string) => {
    const addressed = parseAddressee(text)
    return addressed.to === 'room' || addressed.to === 'ai' ? addressed.meantCommand : undefined
  }
  for (const name of PAGE_COMMANDS) t.same(parseAddressee(`/${name}`), { to: 'page', command: name })
  for (const text of ['/tmp', '/var', '/root', '/proc is full', '/x', '/whoami', '/aaaaaaaaaaaaaaaaaaaaaaaa'])
    t.equal(meant(text), undefined, text)
  t.equal(meant('/hepl'), 'help', 'two letters in the wrong order are one mistake')
  t.equal(meant('/news'), 'new')
  t.equal(meant('/shrae'), 'share')
  t.equal(correctCommand('@AI, /summery of it', 'summary'), '@AI, /summary of it')
  t.equal(correctCommand('/shrae it', 'share'), '/share')
  t.equal(correctCommand('＠ＡＩ，／ｓｕｍｍｅｒｙ of it', 'summary'), '＠ＡＩ，/summary of it')
})

function sayWhere(text: string, goes: Way['goes'], command?: AiCommand): RegExp {
  if (goes === 'page') return /A command of this page: it is sent to nobody/
  if (goes === 'room' || (goes === 'asks' && !/^[@＠]/.test(text)))
    return /^[/／]/.test(text)
      ? /To the room: .* · not a command, so a message/
      : /.[@＠]AI/.test(text)
        ? /To the room: [^·]*· @AI asks only/
        : /To the room: [^·]*$/
  return command === undefined ? /Ask the AI(?!:)/ : new RegExp(`Ask the AI: /${command}`)
}

function describeSend(request: Request): string[] {
  if (request.method() !== 'POST' || !/\/(send|messages)$/.test(new URL(request.url()).pathname)) return []
  const { message }: { message: string } = request.postDataJSON()
  return [`${request.url().endsWith('/send') ? 'ai' : 'room'} ${message}`]
}
