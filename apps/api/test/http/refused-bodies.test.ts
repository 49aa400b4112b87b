import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import t from 'tap'
import { createHarness } from '../harness.ts'

const LARGE_BODY = Buffer.alloc(10_000_000, 'x')

t.test(
  '[HTTP22] a client reads why its large body was refused, and its connection serves the next request',
  async (t) => {
    const harness = await createHarness()
    t.teardown(() => harness.close())
    const { token } = await harness.signUp('alice')
    await harness.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = harness.app.server.address() as AddressInfo
    let connections = 0
    harness.app.server.on('connection', () => {
      connections += 1
    })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    t.teardown(() => agent.destroy())
    const upload = async (path: string, headers: Record<string, string | number>) => {
      const sent = request({ port, path, agent, method: 'POST', headers })
      sent.end(LARGE_BODY)
      const [response]: [IncomingMessage] = (await once(sent, 'response')) as [IncomingMessage]
      return { status: response.statusCode, problem: await json(response) }
    }
    const login = '/api/auth/login'
    const type = { 'content-type': 'application/json' }
    const length = { 'content-length': LARGE_BODY.length }
    const chunks = { 'transfer-encoding': 'chunked' }
    const transcriptions = '/api/engineer-chat/transcriptions'
    const recording = { ...length, 'content-type': 'audio/webm' }

    t.match(await upload(login, { ...type, ...length }), { status: 413, problem: { code: 'payload_too_large' } })
    t.match(await upload(login, { ...type, ...chunks }), { status: 413, problem: { code: 'payload_too_large' } })
    t.match(await upload(transcriptions, recording), { status: 401, problem: { code: 'unauthorized' } })
    t.match(await upload(transcriptions, { ...recording, authorization: `Bearer ${token}` }), {
      status: 501,
      problem: { code: 'voice_not_configured' },
    })
    t.equal(connections, 1)
  },
)
