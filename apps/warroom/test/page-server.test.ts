import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findFreePort } from '@engineer-chat/local-stack'
import t from 'tap'
import { WebSocket } from 'ws'

const SCRIPT = join(import.meta.dirname, '../bin/dev.ts')

t.test(
  '[RUN11] the page is served from its sources, with the client and the socket that reload it; other paths go to the API',
  async (t) => {
    const api = createServer((request, response) => response.end(`the API got ${request.url}`))
    api.listen(0, '127.0.0.1')
    await once(api, 'listening')
    t.teardown(() => api.close())
    const address = api.address()
    const apiPort = typeof address === 'object' ? address?.port : undefined
    const port = await findFreePort()
    const args = ['--host=127.0.0.1', `--port=${port}`, `--api=http://127.0.0.1:${apiPort}`]
    const server = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    t.teardown(() => server.kill('SIGKILL'))
    const [firstLine] = await once(createInterface({ input: server.stdout }), 'line')
    t.match(firstLine, `${port}`, 'the server prints its address when it is ready')

    const fetchText = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text()
    t.match(await fetchText('/'), '/@vite/client')
    t.match(await fetchText('/src/main.tsx'), 'createRoot')
    const reloadSocket = new WebSocket(`ws://127.0.0.1:${port}/`, 'vite-hmr')
    const [message] = await once(reloadSocket, 'message')
    t.match(String(message), /"type":"connected"/, 'the page is told of changes through this socket')
    reloadSocket.terminate()
    t.equal(await fetchText('/readyz'), 'the API got /readyz')
    t.equal(await fetchText('/api/events?limit=1'), 'the API got /api/events?limit=1')
    server.kill('SIGTERM')
    await once(server, 'exit')
  },
)
