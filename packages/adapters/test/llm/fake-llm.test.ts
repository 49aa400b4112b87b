import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createOpenAiLlm } from '@engineer-chat/adapters/llm'
import t from 'tap'
import { createRequest } from './llm-request.ts'

t.test('the fake provider runs as a separate process, misbehaves on request, and ends with its parent', async (t) => {
  const child = spawn(process.execPath, [`${new URL('./fake-llm-main.ts', import.meta.url).pathname}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  const base_url = String(line).trim()
  const llm = createOpenAiLlm({ base_url, model: 'm' })
  const readAnswer = async (question: string) => {
    let text = ''
    for await (const piece of llm.stream(createRequest(question), AbortSignal.timeout(10_000)))
      if (piece.type === 'text') text += piece.text
    return text
  }
  await t.rejects(readAnswer('fake:503-once'), { code: 'llm_unavailable' })
  t.match(await readAnswer('fake:503-once'), /^Isolate/)
  const gated = readAnswer('fake:gated')
  await fetch(new URL('/release', base_url))
  t.match(await gated, /^Isolate/)
  t.equal(JSON.parse(await (await fetch(new URL('/requests', base_url))).text()).length, 3)
  child.stdin.end()
  t.strictSame(await once(child, 'exit'), [0, null])
})
