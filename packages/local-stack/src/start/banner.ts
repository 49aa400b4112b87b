import { relative } from 'node:path'
import type { Flags } from './flags.ts'
import type { Login } from './secrets.ts'

export interface BannerContent {
  flags: Flags
  urls: string[]
  /** The page is served here from its sources; if undefined, the first API node serves it. */
  page?: string | undefined
  logins: Login[]
  others: string[]
  seconds: number
}

export function renderBanner({ flags, urls, page, logins, others, seconds }: BannerContent): string {
  const [first = '', ...more] = urls
  const inside = relative(process.cwd(), flags.data)
  const folder = inside.startsWith('..') ? flags.data : inside || '.'
  const data = folder === '.data' ? '' : ` --data=${folder}`
  const width = Math.max(...logins.map(({ username }) => username.length))
  const users = logins.map(({ username, password, role }) => `${username.padEnd(width)}  ${password}  (${role})`)
  const rows: Array<[string, string]> = [
    ['War room', `${page ?? first}/`],
    ['API', more.length > 0 ? `${first} and ${more.join(', ')}` : first],
    ['Documents', `${first}/docs`],
    ['Health', `${first}/readyz   metrics: ${first}/metrics`],
    ['Queues', `${first}/admin/queues (for admins)`],
    ['Logs', `${folder}/logs   services: ${folder}/run.json`],
    ...users.map((line, index): [string, string] => [index === 0 ? 'Sign in' : '', line]),
    ...others.map((name): [string, string] => ['', `${name}  was there already and has a password of its own`]),
  ]
  if (flags.demo) {
    rows.push(['Ask', `npm run ask --${data} "what should we contain first?"`])
    rows.push(['提问', `npm run ask --${data} "我们应该先遏制什么？"`])
  }
  const lines = rows.map(([label, text]) => `  ${label}${' '.repeat(11 - measureWidth(label))}${text}`)
  const end = [
    '',
    '  Ctrl-C stops everything; the next `npm start` goes on with the same data. 按 Ctrl-C 停止，数据会保留。',
    '',
  ]
  return ['', `  Engineer Chat is running (${seconds.toFixed(1)} s). 已启动。`, '', ...lines, ...end].join('\n')
}

/** Counts columns of a terminal: Chinese characters take two. */
const measureWidth = (text: string): number => text.length + (text.match(/\p{Script=Han}/gu)?.length ?? 0)
