import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { limitConcurrency } from '@engineer-chat/process/limit-concurrency'
import { ChatError } from '../shared/index.ts'
import type { Passwords } from './passwords.ts'

/**
 * OWASP recommends these parameters for Argon2id as its second choice: 19 MiB and two passes, which take about 40 ms.
 * `memory` is in KiB, `tagLength` in bytes.
 */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
/** Matches a PHC string, with the salt and the tag in Base64: `$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$dGFn`. */
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/**
 * Hashes with Argon2id and writes PHC strings. At most `concurrency` calls run at a time, so that many logins do not
 * occupy all threads of the process. At most `maxWaiting` calls wait in each of two queues: one for known callers, who
 * go first, and one for unknown callers.
 */
export function createArgon2Passwords({ concurrency = 2, maxWaiting = 200 } = {}): Passwords {
  const createError = () => new ChatError('unavailable', undefined, { retry_after_seconds: 5 })
  const runLimited = limitConcurrency(concurrency, { maxWaiting, createError })
  return {
    async hash(password) {
      const salt = randomBytes(16)
      const tag = await runLimited(() => deriveKey(password, salt, COST), { isUrgent: true })
      return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${toBase64(salt)}$${toBase64(tag)}`
    },
    async verify(password, hash, priority = 'high') {
      const stored = parseHash(hash)
      const tag = await runLimited(() => deriveKey(password, stored.salt, stored.cost), {
        isUrgent: priority === 'high',
      })
      return stored.tag !== undefined && timingSafeEqual(tag, stored.tag)
    },
  }
}

type Cost = typeof COST

/** Without a readable hash, it returns a random salt, so that the check of an unknown user takes the same time. */
function parseHash(hash: string | undefined): { cost: Cost; salt: Buffer; tag?: Buffer } {
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(hash ?? '') ?? []
  if (salt === undefined || tag === undefined) return { cost: COST, salt: randomBytes(16) }
  const bytes = Buffer.from(tag, 'base64')
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism), tagLength: bytes.length },
    salt: Buffer.from(salt, 'base64'),
    tag: bytes,
  }
}

function deriveKey(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message: password, nonce: salt, ...cost }, (error, tag) =>
      error ? reject(error) : resolve(tag),
    )
  })
}

const toBase64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
