import { relative } from 'node:path'
import type { Flags } from './flags.ts'
import type { Login } from './folder/secrets.ts'

export interface BannerContent {
  flags: Flags
  urls: string[]
  /** Names the server that serves the page from its sources; undefined if the first API node serves the page. */
  pageUrl?: string | undefined
  logins: Login[]
  /** These users existed before the start and keep their own passwords. */
  existingUsernames: string[]
  seconds: number
}

const LABEL_COLUMNS = 11

export function renderBanner({ flags, urls, pageUrl, logins, existingUsernames, seconds }: BannerContent): string {
  const [firstUrl = '', ...otherUrls] = urls
  const relativeFolder = relative(process.cwd(), flags.dataFolder)
  const folder = relativeFolder.startsWith('..') ? flags.dataFolder : relativeFolder || '.'
  const dataFlag = folder === '.data' ? '' : ` --data=${folder}`
  const usernameWidth = Math.max(...logins.map(({ username }) => username.length))
  const users = logins.map(
    ({ username, password, role }) => `${username.padEnd(usernameWidth)}  ${password}  (${role})`,
  )
  const rows: Array<[string, string]> = [
    ['War room', `${pageUrl ?? firstUrl}/`],
    ['API', otherUrls.length > 0 ? `${firstUrl} and ${otherUrls.join(', ')}` : firstUrl],
    ['API docs', `${firstUrl}/docs`],
    ['Health', `${firstUrl}/readyz   metrics: ${firstUrl}/metrics`],
    ['Queues', `${firstUrl}/admin/queues (for admins)`],
    ['Logs', `${folder}/logs   services: ${folder}/run.json`],
    ...users.map((line, index): [string, string] => [index === 0 ? 'Sign in' : '', line]),
    ...existingUsernames.map((name): [string, string] => ['', `${name}  existed before and keeps its own password`]),
  ]
  if (flags.hasDemo) {
    rows.push(['Ask', `npm run ask --${dataFlag} "what should we contain first?"`])
    rows.push(['提问', `npm run ask --${dataFlag} "我们应该先遏制什么？"`])
  }
  const lines = rows.map(([label, text]) => `  ${label}${' '.repeat(LABEL_COLUMNS - measureWidth(label))}${text}`)
  const footer = [
    '',
    '  Ctrl-C stops everything; the next `npm start` continues with the same data. 按 Ctrl-C 停止，数据会保留。',
    '',
  ]
  return ['', `  Engineer Chat is running (${seconds.toFixed(1)} s). 已启动。`, '', ...lines, ...footer].join('\n')
}

/** Counts the columns in a terminal. A Chinese character takes two. */
const measureWidth = (text: string): number => text.length + (text.match(/\p{Script=Han}/gu)?.length ?? 0)
