import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createServer } from 'vite'

// Serves the page from its sources and reloads it when they change; everything else comes from an API node.
const stringOption = { type: 'string' } as const
const { values } = parseArgs({ options: { api: stringOption, host: stringOption, port: stringOption } })
const target = values.api ?? 'http://127.0.0.1:5007'
const API_PATHS = ['/api', '/docs', '/admin', '/livez', '/readyz', '/metrics']

const server = await createServer({
  configFile: join(import.meta.dirname, '../vite.config.ts'),
  logLevel: 'warn',
  server: {
    host: values.host ?? '127.0.0.1',
    port: Number(values.port ?? 5_173),
    strictPort: true,
    proxy: {
      ...Object.fromEntries(API_PATHS.map((path) => [`^${path}(?:[/?]|$)`, target])),
      '^/ws(?:[?]|$)': { target, ws: true },
    },
  },
})
await server.listen()
console.log(`The page is served at ${server.resolvedUrls?.local[0]}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close())
