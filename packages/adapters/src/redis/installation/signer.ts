import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import type { Log } from '@engineer-chat/chat/shared'
import { createThrottledReport } from '@engineer-chat/process/throttled-report'

/** 22 characters of base64url hold 132 bits, which cannot be guessed. More characters only make messages longer. */
const MAC_CHARACTERS = 22
const BEFORE_MAC = ',"mac":"'
const AFTER_MAC = '"}'
const SUFFIX_CHARACTERS = BEFORE_MAC.length + MAC_CHARACTERS + AFTER_MAC.length

/**
 * An `unsigned` text comes from a version that signed nothing, or from an unknown program. A `forged` one has a wrong
 * signature.
 */
export type Verification = { trust: 'signed'; json: string } | { trust: 'unsigned' } | { trust: 'forged' }

/**
 * Signs the texts that this installation's processes write to Redis, because other programs can write there, too. A
 * text that was signed for one channel or key is not valid in another.
 */
export interface Signer {
  /** Adds the signature to a JSON object as its last field, which an older version ignores. */
  sign(channelOrKey: string, json: string): string
  /** Checks the signature in a text that `sign` has built. Returns the JSON object without the signature. */
  verify(channelOrKey: string, text: string): Verification
  /** Signs a text that is stored beside its signature. */
  computeMac(channelOrKey: string, text: string): string
  isValidMac(channelOrKey: string, text: string, mac: string): boolean
}

export function createSigner(hint_key: string, log: Log): Signer {
  const secretKey = createSecretKey(hint_key, 'utf8')
  const logForged = createThrottledReport((count) => log.warn('EngineerChat.redis_forged', { count }))
  // The length shows where `channelOrKey` ends and the text begins. Without it, `a:b` and `c` would have the same MAC as
  // `a` and `b:c`.
  const computeMac = (channelOrKey: string, text: string): string =>
    createHmac('sha256', secretKey)
      .update(`${channelOrKey.length}:${channelOrKey}:${text}`)
      .digest('base64url')
      .slice(0, MAC_CHARACTERS)
  const isValidMac = (channelOrKey: string, text: string, mac: string): boolean => {
    const expectedMac = Buffer.from(computeMac(channelOrKey, text))
    const givenMac = Buffer.from(mac)
    const isValid = givenMac.length === expectedMac.length && timingSafeEqual(givenMac, expectedMac)
    if (!isValid) logForged()
    return isValid
  }
  return {
    sign: (channelOrKey, json) => `${json.slice(0, -1)}${BEFORE_MAC}${computeMac(channelOrKey, json)}${AFTER_MAC}`,
    verify(channelOrKey, text) {
      const end = text.length - SUFFIX_CHARACTERS
      if (end <= 0 || !text.startsWith(BEFORE_MAC, end) || !text.endsWith(AFTER_MAC)) return { trust: 'unsigned' }
      const json = `${text.slice(0, end)}}`
      const mac = text.slice(end + BEFORE_MAC.length, -AFTER_MAC.length)
      return isValidMac(channelOrKey, json, mac) ? { trust: 'signed', json } : { trust: 'forged' }
    },
    computeMac,
    isValidMac,
  }
}
