import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { readConfig, renderConfigurationMarkdown } from '@engineer-chat/adapters/environment'
import { createLog } from '@engineer-chat/adapters/log'
import { createMetrics } from '@engineer-chat/adapters/metrics'
import { createArgon2Passwords } from '@engineer-chat/chat/people'
import { createMemoryHints, createMemoryStores } from '@engineer-chat/chat/testing'
import { readCommand } from '@engineer-chat/process/commands'
import { buildApp } from '../src/app.ts'
import { describeSockets } from '../src/documents/asyncapi.ts'

// Writes the generated documents of docs/. With --check, it only says whether they are up to date.

const isCheck = readCommand('docs').values.check === true
const docs = new URL('../../../docs/', import.meta.url)
const toJson = (value: object) => `${JSON.stringify(value, null, 2)}\n`
const documents: Record<string, string> = {
  'configuration.md': renderConfigurationMarkdown(),
  'openapi.json': toJson(await openApi()),
  'asyncapi.json': toJson(describeSockets()),
}

const stale: string[] = []
await mkdir(docs, { recursive: true })
for (const [name, text] of Object.entries(documents)) {
  const found = await readFile(new URL(name, docs), 'utf8').catch(() => undefined)
  if (found !== text) stale.push(name)
}
if (isCheck) {
  for (const name of stale) console.error(`docs/${name} is stale: npm run docs`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const name of stale) await writeFile(new URL(name, docs), documents[name] ?? '')
  console.log(stale.length > 0 ? `Written: ${stale.join(', ')}` : 'All documents are as they should be.')
}

async function openApi(): Promise<object> {
  const hints = createMemoryHints()
  const app = buildApp({
    config: readConfig({
      DATABASE_URL: 'mysql://docs@127.0.0.1/docs',
      REDIS_URL: 'redis://127.0.0.1',
      JWT_SECRET_KEY: '-'.repeat(32),
      NODE_ENV: 'test',
    }),
    nodeId: 'docs',
    stores: createMemoryStores(),
    passwords: createArgon2Passwords(),
    bus: hints.bus,
    queue: hints.queue,
    feed: hints.feed('docs'),
    health: { mysql: async () => {}, redis: () => 'ready' },
    models: { default: '', models: [] },
    log: createLog({ level: 'silent', service: 'docs' }),
    metrics: createMetrics('docs'),
  })
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}
