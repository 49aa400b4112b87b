import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { limitConcurrency } from '@engineer-chat/process/limit-concurrency'
import { ChatError } from '../shared/index.ts'
import type { Passwords } from './passwords.ts'

/**
 * OWASP recommends these parameters for Argon2id as its second choice: 19 MiB and two passes, which take about 40 ms.
 * `memory` is in KiB, `tagLength` in bytes.
 */
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
/** Matches a PHC string, with the salt and the tag in Base64: `$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$dGFn`. */
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/**
 * Hashes with Argon2id and writes PHC strings. At most `concurrency` calls run at a time, so that many logins do not
 * occupy all threads of the process. The other calls wait in two queues, at most `maxWaiting` in each. The queue of
 * known callers (priority `high`) goes first, then that of unknown callers (priority `low`).
 */
export function createArgon2Passwords({ concurrency = 2, maxWaiting = 200 } = {}): Passwords {
  const createError = () => new ChatError('unavailable', undefined, { retry_after_seconds: 5 })
  const runLimited = limitConcurrency(concurrency, { maxWaiting, createError })
  return {
    async hash(password) {
      const salt = randomBytes(16)
      const tag = await runLimited(() => computeTag(password, salt, PARAMETERS), { isUrgent: true })
      const { memory, passes, parallelism } = PARAMETERS
      return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${toBase64(salt)}$${toBase64(tag)}`
    },
    async verify(password, hash, priority = 'high') {
      const parsed = parseHash(hash)
      const tag = await runLimited(() => computeTag(password, parsed.salt, parsed.parameters), {
        isUrgent: priority === 'high',
      })
      return parsed.tag !== undefined && timingSafeEqual(tag, parsed.tag)
    },
  }
}

type Argon2Parameters = typeof PARAMETERS

/**
 * Splits a PHC string into its parts. Without a readable hash it returns no tag, but the usual parameters and a random
 * salt. So the check of a password takes the same time for an unknown user.
 */
function parseHash(hash: string | undefined): { parameters: Argon2Parameters; salt: Buffer; tag?: Buffer } {
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(hash ?? '') ?? []
  if (salt === undefined || tag === undefined) return { parameters: PARAMETERS, salt: randomBytes(16) }
  const tagBytes = Buffer.from(tag, 'base64')
  return {
    parameters: {
      memory: Number(memory),
      passes: Number(passes),
      parallelism: Number(parallelism),
      tagLength: tagBytes.length,
    },
    salt: Buffer.from(salt, 'base64'),
    tag: tagBytes,
  }
}

function computeTag(password: string, salt: Buffer, parameters: Argon2Parameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message: password, nonce: salt, ...parameters }, (error, tag) =>
      error ? reject(error) : resolve(tag),
    )
  })
}

const toBase64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
