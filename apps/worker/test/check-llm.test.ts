import type { LlmStreamPart } from '@engineer-chat/chat/models'
import { createFinish, createScriptedLlm } from '@engineer-chat/chat/testing'
import t from 'tap'
import { checkLlm } from '../src/commands/doctor/check-llm.ts'

const REASONING: LlmStreamPart = { type: 'reasoning', text: 'hm' }

/** Checks a model whose stream has these parts. */
function checkStream(parts: Array<string | LlmStreamPart>, first_token_ms: number | null = null) {
  return checkLlm({
    checkName: 'LLM',
    llm: createScriptedLlm([parts]),
    limits: { total_ms: 30_000, first_token_ms, idle_ms: null },
    settingNames: {
      key: 'KEY',
      endpoint: 'ENDPOINT',
      model: 'MODEL',
      maxTokens: 'MAX_TOKENS',
      extraBody: 'EXTRA_BODY',
      totalTimeout: 'TOTAL',
      firstTokenTimeout: 'FIRST_TOKEN',
    },
    proxy: undefined,
  })
}

t.test('[DOCTOR1] a model that answers without a text fails as in the product, with one fix', async (t) => {
  const streams: Array<Array<string | LlmStreamPart>> = [
    [REASONING, createFinish('length')],
    [createFinish()],
    [' \n', '', createFinish()],
    ['This was reasoning.', { type: 'retract' }, createFinish()],
  ]
  for (const parts of streams) {
    const findings = await checkStream(parts)
    t.equal(findings.length, 1)
    t.match(findings, [
      { state: 'failed', message: 'scripted: llm_empty_answer', fix: /raise MAX_TOKENS, .*thinking off in EXTRA_BODY/ },
    ])
  }
  t.match(await checkStream(['Reasoning.', { type: 'retract' }, 'one', createFinish()]), [{ state: 'passed' }])
})

t.test('[DOCTOR1] the time of the first text is named, and of the first output if that comes too late', async (t) => {
  const parts = [REASONING, 'one ', 'two', createFinish()]
  const findLatency = async (first_token_ms: number | null) =>
    (await checkStream(parts, first_token_ms)).find(({ checkName }) => checkName === 'LLM latency')

  t.match(await findLatency(30_000), {
    state: 'passed',
    message: /^first text after \d+ ms, all after \d+ ms, in 2 pieces$/,
  })
  // Every output is later than 0 ms.
  t.match(await findLatency(0), {
    state: 'failed',
    message: /^first output after \d+ ms, first text after \d+ ms, .*: questions time out before the first output$/,
    fix: 'Raise FIRST_TOKEN.',
  })
})
