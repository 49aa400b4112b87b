import { test } from 'tap'
import { takeCommandLine } from '../src/text/command-line.ts'

const take = (fields: Record<string, unknown>) =>
  takeCommandLine(Object.entries(fields).map(([name, value]) => ({ name, value })))

test('[ROOM100] a command and its status are taken out of the fields; what is none stays a field', async (t) => {
  t.same(take({ command: 'whoami', status: 'Timed_Out', output: 'x' }), {
    commandLine: { command: 'whoami', status: 'Timed_Out', state: 'failed' },
    others: [{ name: 'output', value: 'x' }],
  })
  t.match(take({ command: 'whoami', status: 'completed' }).commandLine, { state: 'done' })
  t.match(take({ command: 'whoami', status: 'running' }).commandLine, { state: 'running' })
  t.match(take({ command: 'whoami', status: 'sideways' }).commandLine, { status: 'sideways', state: 'unknown' })
  t.same(take({ command: 'whoami', status: 4 }).others, [{ name: 'status', value: 4 }], 'no word')
  for (const fields of [{ status: 'completed' }, { command: '' }, { command: ['whoami'] }]) {
    t.same(take(fields).commandLine, undefined)
    t.equal(take(fields).others.length, 1)
  }
})
