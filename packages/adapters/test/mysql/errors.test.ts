import { ChatError } from '@engineer-chat/chat/shared'
import { DrizzleQueryError } from 'drizzle-orm'
import { test } from 'tap'
import { translateErrors } from '../../src/mysql/core/errors.ts'

const catchThrown = (error: Error): Promise<unknown> =>
  translateErrors({ write: () => Promise.reject(error) })
    .write()
    .catch((thrown: unknown) => thrown)

const createDriverError = (errno: number, message: string): Error =>
  Object.assign(new Error(message), { errno, code: `E${errno}`, sql: 'INSERT secret' })

/**
 * Returns the error that a store throws after this error of the driver. Drizzle wraps the errors of typed statements,
 * so this function checks both kinds.
 */
async function catchTranslated(errno: number, message = 'any text'): Promise<unknown> {
  const plain = await catchThrown(createDriverError(errno, message))
  const wrapped = await catchThrown(wrap(createDriverError(errno, message)))
  if (String(plain) !== String(wrapped)) throw new Error('the error differs if drizzle wraps it')
  return wrapped
}

const wrap = (error: Error): DrizzleQueryError => new DrizzleQueryError('INSERT', ['secret'], error)

test('[STORE9] a full disk, a full table and a read-only server are reported as `unavailable` with a time to retry', async (t) => {
  for (const errno of [3, 28, 1021, 1026, 1036, 1041, 1047, 1114, 1135, 1180, 1203, 1206, 1290, 1792, 1836, 1874]) {
    const error = await catchTranslated(errno)
    t.ok(error instanceof ChatError && error.code === 'unavailable', String(errno))
    t.ok(error instanceof ChatError && (error.extras.retry_after_seconds ?? 0) > 0)
  }
  const full = await catchTranslated(1030, 'Got error 28 "No space left on device" from storage engine InnoDB')
  t.ok(full instanceof ChatError && full.code === 'unavailable')
})

test('[STORE9] an error of a wrong statement is not reported as `unavailable`, and has no text of the driver', async (t) => {
  for (const [errno, message] of [
    [1406, 'Data too long'],
    [1064, 'You have an error in your SQL syntax'],
    [1030, 'Got error 128 from storage engine'],
  ] as const) {
    const error = await catchTranslated(errno, message)
    t.notOk(error instanceof ChatError, message)
    t.notMatch(String(error), message)
    t.notMatch(String(error), /secret/)
  }
})

test('[STORE9] a wrapped error without an error number of the driver reveals nothing of the row', async (t) => {
  const error = await catchThrown(wrap(new TypeError('secret')))
  t.match(error, { name: 'DatabaseError', code: 'unknown', cause: undefined })
  t.notMatch(`${error}`, /secret|INSERT/)
})
