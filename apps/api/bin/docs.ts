import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { readConfig, renderConfigurationMarkdown } from '@engineer-chat/adapters/environment'
import { createLog } from '@engineer-chat/adapters/log'
import { createMetrics } from '@engineer-chat/adapters/metrics'
import { createArgon2Passwords } from '@engineer-chat/chat/people'
import { createMemoryHints, createMemoryStores } from '@engineer-chat/chat/testing'
import { readCommandLine } from '@engineer-chat/process/commands'
import { buildApp } from '../src/app.ts'
import { describeSockets } from '../src/descriptions/asyncapi.ts'

// This program writes the generated documents, and the alerts as a Kubernetes object. With --check, it only reports
// which of them are not up to date.

const isCheck = readCommandLine('docs').values.check === true
const root = new URL('../../../', import.meta.url)
const toJson = (value: object) => `${JSON.stringify(value, null, 2)}\n`
const textsByPath: Record<string, string> = {
  'docs/configuration.md': renderConfigurationMarkdown(),
  'docs/openapi.json': toJson(await buildOpenApi()),
  'docs/asyncapi.json': toJson(describeSockets()),
  'deploy/kubernetes/components/monitoring/prometheus-rule.yaml': toPrometheusRule(
    await readFile(new URL('deploy/prometheus/rules.yml', root), 'utf8'),
  ),
}

const stalePaths: string[] = []
await mkdir(new URL('docs/', root), { recursive: true })
for (const [path, text] of Object.entries(textsByPath)) {
  const found = await readFile(new URL(path, root), 'utf8').catch(() => undefined)
  if (found !== text) stalePaths.push(path)
}
if (isCheck) {
  for (const path of stalePaths) console.error(`${path} is stale: npm run docs`)
  process.exitCode = stalePaths.length > 0 ? 1 : 0
} else {
  for (const path of stalePaths) await writeFile(new URL(path, root), textsByPath[path] ?? '')
  console.log(stalePaths.length > 0 ? `Written: ${stalePaths.join(', ')}` : 'All documents are up to date.')
}

/** Creates the Kubernetes object in which the Prometheus operator finds the rules, under `spec`. */
function toPrometheusRule(rules: string): string {
  const spec = rules.replaceAll(/^(?=.)/gm, '  ') // Indents each line that is not empty.
  return `# Generated from deploy/prometheus/rules.yml by \`npm run docs\`.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: engineer-chat
spec:
${spec}`
}

async function buildOpenApi(): Promise<object> {
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
    health: { probeMysql: async () => {}, getRedisStatus: () => 'ready' },
    models: { default: '', models: [] },
    log: createLog({ level: 'silent', service: 'docs' }),
    metrics: createMetrics('docs'),
  })
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}
