import { test } from 'tap'
import { takeCommandLine } from '../src/text/command-line.ts'

const takeFields = (fields: Record<string, unknown>) =>
  takeCommandLine(Object.entries(fields).map(([name, value]) => ({ name, value })))

test('[ROOM100] a command and its status are separated from the fields, and other values stay fields', async (t) => {
  t.same(takeFields({ command: 'whoami', status: 'Timed_Out', output: 'x' }), {
    commandLine: { command: 'whoami', status: 'Timed_Out', state: 'failed' },
    others: [{ name: 'output', value: 'x' }],
  })
  t.match(takeFields({ command: 'whoami', status: 'completed' }).commandLine, { state: 'done' })
  t.match(takeFields({ command: 'whoami', status: 'running' }).commandLine, { state: 'running' })
  t.match(takeFields({ command: 'whoami', status: 'sideways' }).commandLine, { status: 'sideways', state: 'unknown' })
  t.same(
    takeFields({ command: 'whoami', status: 4 }).others,
    [{ name: 'status', value: 4 }],
    'a status that is not text stays a field',
  )
  for (const fields of [{ status: 'completed' }, { command: '' }, { command: ['whoami'] }]) {
    t.same(takeFields(fields).commandLine, undefined)
    t.equal(takeFields(fields).others.length, 1)
  }
})
