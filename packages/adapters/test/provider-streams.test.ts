import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { createHttpWorker, createModel } from './llm/http-worker.ts'
import type { ExpectedEnd, StreamCase } from './provider-streams/case.ts'
import { startCasesEndpoint } from './provider-streams/endpoint.ts'
import { furtherCases } from './provider-streams/further-cases.ts'

const recordedCases: StreamCase[] = JSON.parse(
  readFileSync(new URL('./provider-streams/recorded-cases.json', import.meta.url), 'utf8'),
)

async function proveEnds(t: Test, cases: StreamCase[]) {
  const { getUrl, countCalls } = await startCasesEndpoint(t, cases)
  const slow = { limits: { total_ms: 30_000, first_token_ms: 20_000, idle_ms: 15_000 } }
  const models = cases.map(({ name, provider }) => createModel(name, getUrl(name), { provider, ...slow }))
  // With a deadline of 0 ms, a reply whose model is busy ends as an error and is not postponed.
  const { openEvent, askAndAnswer } = createHttpWorker(models, undefined, 0)
  await Promise.all(
    cases.map(async ({ name, expected }) => {
      const row = await askAndAnswer(await openEvent(), 'What should we contain?', name)
      t.match(row?.message_content, toExpectedContent(expected), name)
      t.equal(row?.message_type, expected.ends_as, name)
      t.notMatch(JSON.stringify(row), /SECRETUP|UPSTREAM|AFTERDONE/, `${name} reveals nothing about the endpoint`)
      if (expected.calls !== undefined) t.equal(countCalls(name), expected.calls, `${name}: ${expected.calls} calls`)
    }),
  )
}

const toExpectedContent = ({ content, content_matches, reasoning, finish_reason, code }: ExpectedEnd) => ({
  ...(content !== undefined && { content: toExactPattern(content) }),
  ...(content_matches !== undefined && { content: new RegExp(content_matches, 'u') }),
  ...(reasoning !== undefined && { reasoning: toExactPattern(reasoning) }),
  ...(finish_reason !== undefined && { finish_reason }),
  ...(code !== undefined && { error: { code } }),
})

/** `t.match` accepts a part of a text. */
const toExactPattern = (text: string): RegExp => new RegExp(`^${RegExp.escape(text)}$`, 'u')

t.test('[LLM13] [LLM14] [LLM15] recorded answers of providers end as expected', (t) => proveEnds(t, recordedCases))
t.test('[LLM13] [LLM14] [LLM15] further answers of each kind end as expected, too', (t) => proveEnds(t, furtherCases))
