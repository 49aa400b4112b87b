import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as asking from '@engineer-chat/chat/asking'
import * as events from '@engineer-chat/chat/events'
import * as operations from '@engineer-chat/chat/operations'
import * as people from '@engineer-chat/chat/people'
import * as replying from '@engineer-chat/chat/replying'
import * as reviews from '@engineer-chat/chat/reviews'
import * as rooms from '@engineer-chat/chat/rooms'
import * as voice from '@engineer-chat/chat/voice'
import t from 'tap'

const SOURCE = join(import.meta.dirname, '../../src')

t.test(
  '[AUDIT2] no file directly calls a verb that declares a report, because only `createRunVerb` writes the report',
  async (t) => {
    const slices = [asking, events, operations, people, replying, reviews, rooms, voice]
    const verbsWithReport = slices
      .flatMap((slice) => Object.entries<unknown>(slice))
      .filter(([, verb]) => typeof verb === 'function' && 'report' in verb)
      .map(([name]) => name)
    t.ok(verbsWithReport.includes('createEvent'))
    const directCall = new RegExp(`\\b(?:${verbsWithReport.join('|')})\\(`)
    const files = (await readdir(SOURCE, { recursive: true })).filter((name) => name.endsWith('.ts'))
    t.ok(files.includes('app.ts'))
    const filesWithDirectCalls: string[] = []
    for (const file of files)
      if (directCall.test(await readFile(join(SOURCE, file), 'utf8'))) filesWithDirectCalls.push(file)
    t.same(filesWithDirectCalls, [])
  },
)
