import { buildPrompt, parseCommand } from '@engineer-chat/chat/prompting'
import { answerReply } from '@engineer-chat/chat/replying'
import { createFinish, createRoomSources, createScriptedLlm } from '@engineer-chat/chat/testing'
import t from 'tap'
import { summarizeHistory } from '../../src/asking/carry-over-summary.ts'
import { removeAiMention } from '../../src/prompting/question-text.ts'
import { postMessage, postNote } from '../../testing/contracts/harness.ts'
import { startWorkerWithModels } from '../replying/reply-harness.ts'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const notAborted = new AbortController().signal

t.test('[CMD5] a command comes at the beginning, after @AI or without it, and is followed by its focus', async (t) => {
  t.same(parseCommand('/summary'), { command: 'summary', focus: '' })
  t.same(parseCommand('@AI /Handover: the VPN'), { command: 'handover', focus: 'the VPN' })
  t.same(parseCommand('@ai /catchup\nplease'), { command: 'catchup', focus: 'please' })
  t.same(parseCommand('／近况'), { command: 'catchup', focus: '' })
  t.same(parseCommand('/交接：夜班'), { command: 'handover', focus: '夜班' })
  t.same(
    parseCommand('＠ＡＩ：／Ｓｕｍｍａｒｙ：ＶＰＮ'),
    { command: 'summary', focus: 'ＶＰＮ' },
    'the focus stays as it is',
  )
  for (const text of ['/summaryx', 'give me a /summary', '/etc/passwd', 'summary', '/ summary'])
    t.equal(parseCommand(text), undefined)
})

t.test('[CMD5] a mention in full-width forms is removed, too', async (t) => {
  for (const mention of ['@AI ', '＠AI ', '＠ＡＩ　', '@ａｉ，', '＠AI：', '＠AI'])
    t.equal(removeAiMention(`${mention}密码是什么？`), '密码是什么？', mention)
  for (const text of ['＠ＡＩＭ x', '@AI２', '＠alice x']) t.equal(removeAiMention(text), text)
  t.equal(removeAiMention('＠ＡＩ'), '')
})

t.test('[CMD5] each command has its own prompt, in the language of its text or of the event', async (t) => {
  const build = (question: string, fields: Parameters<typeof createContext>[0] = {}) =>
    buildPrompt(createContext({ question, ...fields }), MODEL, SETTINGS)
  t.match(build('/summary').turns[0]?.content, /\*\*What happened\*\*/)
  t.equal(build('/summary').turns.at(-1)?.content, 'Sum up the incident.')
  t.equal(
    build('/handover the VPN').turns.at(-1)?.content,
    'Write the handover for the next shift.\nLook at this most: the VPN',
  )
  t.equal(build('/summary', { event: { event_name: '异常登录' } }).turns.at(-1)?.content, '请总结该事件。')
  t.equal(build('/交接').turns.at(-1)?.content, '请为下一班写交接。')
  const emptyRoom = createRoomSources({ readPosition: 9 })
  t.match(build('/catchup', { room: emptyRoom }).turns.at(-1)?.content, 'Since then nothing was recorded.')
  t.match(build('/catchup').prompt_version, /^catchup\/\d+$/)
  t.match(build('/timeline').turns[0]?.content, /\*\*Time \(UTC\)\*\*/)
  t.equal(build('/时间线').turns.at(-1)?.content, '请写该事件的时间线。')
  t.match(build('/postmortem').turns[0]?.content, /\*\*What went badly\*\*/)
  t.equal(build('/复盘').turns.at(-1)?.content, '请写复盘草稿。')
})

t.test('[CMD1] a command’s prompt holds people’s messages and changes, and no agent’s message', async (t) => {
  const llm = createScriptedLlm([['Isolated [msg1], critical [chg1].', createFinish()]])
  const worker = await startWorkerWithModels([llm], '/summary', {
    async prepare(stores, place) {
      await postMessage(stores, place, 'all', 'an agent’s word')
      await postNote(stores, { ...place, owner: place.other }, 'host 7 is isolated')
      await stores.events.update(place.event_id, { severity: 'critical' }, { user_id: place.owner, role: 'engineer' })
    },
  })
  await answerReply(worker.ctx, worker.ref, notAborted)
  const prompt = JSON.stringify(llm.requests[0]?.turns)
  t.match(prompt, 'host 7 is isolated')
  t.match(prompt, 'severity: critical')
  t.notMatch(prompt, 'an agent’s word')
  t.match(worker.getContent(), {
    prompt_version: /^summary\//,
    citations: [
      { id: 'msg1', supported: true },
      { id: 'chg1', supported: true },
    ],
  })
})

t.test('[CMD4] a carry-over has the newest turns, shortened, and the carry-over before it', async (t) => {
  t.equal(summarizeHistory(createContext({ history: [] })), null)
  t.equal(summarizeHistory(createContext({ history: [{ question: 'Why?', answer: 'Money.' }] })), 'Q: Why?\nA: Money.')
  const history = Array.from({ length: 20 }, (_, index) => ({
    question: `Q${index}?`,
    answer: `A${index}. ${'word '.repeat(400)}`,
  }))
  const carryOver = summarizeHistory(createContext({ history, carried_over: 'Q: Who?\nA: Mallory.' })) ?? ''
  t.ok(carryOver.length < 8_000)
  t.match(carryOver, /^Before that:\nQ: Who\?\nA: Mallory\.\n\nQ: Q\d+\?/)
  t.match(carryOver, /Q: Q19\?\nA: A19\. [\s\S]*\[…\]$/)
  t.notMatch(carryOver, 'Q: Q0?')
  const system = buildPrompt(createContext({ carried_over: 'Q: Why?\nA: Money.' }), MODEL, SETTINGS).turns[0]?.content
  t.match(system, /old1 earlier session\nQ: Why\?\nA: Money\./)
})
