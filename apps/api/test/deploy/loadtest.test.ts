import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '../../../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

const text = read('deploy/loadtest/engineer_chat_load_test.yml')
const requests = [...text.matchAll(/- (get|post):\s+url: ([^\s?]+)/g)].map(([, method = '', url = '']) => ({
  method,
  url,
}))

t.test(
  '[DEPLOY9] the load test calls existing routes, and docs/operations.md sets each variable that it reads',
  (t) => {
    const { paths }: { paths: Record<string, Record<string, unknown>> } = JSON.parse(read('docs/openapi.json'))
    t.same(
      requests.map(({ url }) => url),
      ['/api/auth/login', '/api/engineer-chat/send', '/api/engineer-chat/status', '/api/engineer-chat/history'],
    )
    for (const { method, url } of requests) t.ok(paths[url]?.[method], `${method} ${url}`)
    const page = read('docs/operations.md')
    const names = new Set([...text.matchAll(/\$env\.(\w+)/g)].map(([, name = '']) => name))
    for (const name of names) t.match(page, new RegExp(`\\b${name}=`), name)
    t.equal(parse(text).config.ensure.maxErrorRate, 1, 'a run fails if more than 1 % of its requests fail')
    t.end()
  },
)
