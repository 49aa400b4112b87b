import { createOfflineAnalyst } from '@engineer-chat/adapters/llm'
import { createTokenCalibration } from '@engineer-chat/chat/models'
import { buildPrompt, CONTEXT_SOURCE_KINDS } from '@engineer-chat/chat/prompting'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import { createRoomSources } from '@engineer-chat/chat/testing'
import { markDeceptive, refang, toVisibleText } from '@engineer-chat/markdown'
import t from 'tap'
import { createRequest, EVENT } from './llm-request.ts'

const TEXT_PIECES = [
  ...[
    '`',
    '``',
    '```',
    '~~~',
    '~~不要~~',
    '**结论：**',
    '*',
    '_',
    '__',
    '#',
    '## ',
    '> ',
    '- ',
    '+ ',
    '1. ',
    '=',
    '---',
    '|',
    '|---|',
  ],
  ...[
    '&lt;script&gt;',
    '&amp;x=1',
    '&#42;',
    '<b>',
    '</b>',
    '![x](',
    '[a](b)',
    ']:',
    ']',
    '\\',
    '\\_svc\\*.dll',
    '$',
    '@',
    '!',
  ],
  ...['pay\u00adpal.com', '\u202egpj.exe', 'pay\u200bpal.com', 'pа\u0443pal.com', '\ufeff', '👨‍👩‍👧‍👦', '1️⃣'],
  ...[
    'http://evil.example/a_b*c',
    'hxxp://evil[.]example',
    'www.evil.example',
    'a@evil.example',
    '203.0.113.7',
    'FIN-WS-042',
  ],
  ...[
    ' ',
    ' ',
    '  ',
    '\t',
    '重启',
    'word',
    'cmd.exe /c',
    '(',
    ')',
    '"',
    "'",
    ':',
    '，',
    '。',
    '\n',
    '\n\n',
    '\n    ',
    '\r\n',
  ],
]

/**
 * Returns a function that joins random pieces. The random numbers, by the generator of *Numerical Recipes*, are the same
 * in each run.
 */
function createGenerator(seed: number) {
  let state = seed
  const drawBelow = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  return () => Array.from({ length: 1 + drawBelow(12) }, () => TEXT_PIECES[drawBelow(TEXT_PIECES.length)]).join('')
}

async function composeAnswer(question: string, context: Partial<ReplyContext>) {
  const request = createRequest(question, context)
  let raw = ''
  for await (const piece of createOfflineAnalyst({ paceMs: 0 }).stream(request, new AbortController().signal)) {
    if (piece.type === 'text') raw += piece.text
  }
  const model = { id: 'offline-analyst', provider: 'offline', context_window: null, max_tokens: null }
  const settings = {
    contextWindow: 8_192,
    answerTokens: 1_024,
    roomTokens: 8_192,
    isMailRedacted: true,
    calibration: createTokenCalibration(),
    sourceKinds: new Set(CONTEXT_SOURCE_KINDS),
  }
  return { raw, filtered: buildPrompt(request.context, model, settings).review(raw).content }
}

const splitLines = (writtenText: string) =>
  markDeceptive(writtenText)
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
const toOneLine = (writtenText: string) => markDeceptive(writtenText).replace(/\s+/g, ' ').trim()

function createContext(writtenText: string): Partial<ReplyContext> {
  const event = {
    ...EVENT,
    event_name: toOneLine(writtenText),
    message: writtenText,
    context: writtenText,
    source: toOneLine(writtenText),
  }
  const time = EVENT.created_at
  const summary = {
    version: 'v',
    round_id: 1,
    event_summary: writtenText,
    event_suggestion: writtenText,
    updated_at: time,
  }
  const messages = [{ message_id: 'm-1', position: 6, author: 'bob', content: writtenText, created_at: time }]
  return { event, summary: null, room: createRoomSources({ readPosition: 3, summaries: [summary], messages }) }
}

t.test('[ANSWER21] the analyst’s quotes show the text as it was written, also after the output filter', async (t) => {
  const generate = createGenerator(7)
  for (let round = 0; round < 120; round += 1) {
    const writtenText = `${generate()}${generate()}`
    const context = createContext(writtenText)
    for (const question of ['how bad is it? which mail?', '/summary', '/catchup', '/timeline']) {
      const { raw, filtered } = await composeAnswer(question, context)
      // The answers to these two commands show each text in one line.
      const expected =
        question === '/catchup' || question === '/timeline' ? [toOneLine(writtenText.trim())] : splitLines(writtenText)
      const visible = toVisibleText(raw)
      const visibleFiltered = refang(toVisibleText(filtered))
      const missing = expected.filter((line) => !visible.includes(line))
      const missingFiltered = expected.filter((line) => !visibleFiltered.includes(refang(line)))
      if (missing.length + missingFiltered.length > 0) {
        t.same({ writtenText, question, missing, missingFiltered, raw, filtered }, {}, 'each line is seen')
        return
      }
    }
  }
  t.pass('each line is seen')
})

t.test('[DECEPTIVE4] the analyst shows hidden characters as marks and names no other domain', async (t) => {
  const event_name = 'FIN pa\u00adypal.com \u202egpj.exe'
  const { filtered } = await composeAnswer('list all IOCs', { event: { ...EVENT, event_name }, summary: null })
  t.ok(filtered.includes('FIN pa⟨U+00AD⟩ypal.com ⟨U+202E⟩gpj.exe'))
  t.notMatch(filtered, /(?<!⟩)ypal\[?\.\]?com|paypal|\| `[^`]*pal/)
  const { filtered: caughtUp } = await composeAnswer('/catchup', createContext('see pay\u200bpal.com 👨‍👩‍👧‍👦'))
  t.ok(caughtUp.includes('see pay⟨U+200B⟩pal.com 👨‍👩‍👧‍👦'))
})

t.test('[ANSWER21] no markup in others’ texts has an effect in the analyst’s answer', async (t) => {
  const event_name = '&lt;script&gt;alert(1)&amp;x=1 ~~不要~~重启 **结论：** ```'
  const { filtered } = await composeAnswer('what now?', { event: { ...EVENT, event_name }, summary: null })
  t.ok(toVisibleText(filtered).includes(event_name))
})
