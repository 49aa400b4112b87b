import { test } from 'tap'
import { type ProcessRun, superviseProcess } from '../src/start/supervise-process.ts'

const RUNS_FOREVER: ProcessRun = { ready: Promise.resolve(true), exited: new Promise(() => {}) }

test('[RUN8] an error of a run after the first one that was ready counts as an end, and the process is started again', async (t) => {
  const lastStart = Promise.withResolvers<void>()
  const lines: string[] = []
  const starts = [
    (): ProcessRun => ({ ready: Promise.resolve(true), exited: Promise.reject(new Error('the disk is full')) }),
    (): ProcessRun => {
      throw new Error('no more processes')
    },
    (): ProcessRun => {
      lastStart.resolve()
      return RUNS_FOREVER
    },
  ]
  const { ready } = superviseProcess({
    name: 'api-1',
    logNote: 'Its log: none',
    start: () => starts.shift()?.() ?? RUNS_FOREVER,
    print: (line) => lines.push(line),
  })
  await ready
  await lastStart.promise
  t.strictSame(lines, [
    'api-1 ended (the disk is full) and is started again. Its log: none',
    'api-1 ended (no more processes) and is started again. Its log: none',
  ])
})

test('[RUN8] an error of a run that is not ready yet counts as an end, too', async (t) => {
  const brokenRun: ProcessRun = { ready: new Promise(() => {}), exited: Promise.reject(new Error('the disk is full')) }
  const runs = [brokenRun, RUNS_FOREVER]
  const lines: string[] = []
  const { ready } = superviseProcess({
    name: 'api-1',
    logNote: 'Its log: none',
    start: () => runs.shift() ?? RUNS_FOREVER,
    print: (line) => lines.push(line),
  })
  await ready
  t.strictSame(lines, ['api-1 ended (the disk is full) and is started again. Its log: none'])
})

test('[RUN8] a process whose start fails five times with an error is given up', async (t) => {
  let startCount = 0
  const { ready } = superviseProcess({
    name: 'api-1',
    logNote: 'Its log: none',
    start: async () => {
      startCount += 1
      throw new Error('no more processes')
    },
    print: () => {},
  })
  await t.rejects(ready, {
    name: 'StartError',
    message: 'api-1 ended immediately, 5 times (no more processes). Its log: none',
  })
  t.equal(startCount, 5)
})
