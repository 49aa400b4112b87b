import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import type { Log } from '@engineer-chat/chat/shared'
import { createRareLog } from './rare-log.ts'

/** 128 bits cannot be guessed, and a longer code would cost more in each message. */
const MAC_BYTES = 16
const MAC_CHARACTERS = 22
const BEFORE_MAC = ',"mac":"'
const AFTER_MAC = '"}'
const SUFFIX_CHARACTERS = BEFORE_MAC.length + MAC_CHARACTERS + AFTER_MAC.length

/** `unsigned` is of a version that signed nothing, or of a stranger. `forged` has a signature that is wrong. */
export type Opened = { trust: 'signed'; json: string } | { trust: 'unsigned' } | { trust: 'forged' }

/**
 * Signs what this installation's processes write to Redis, because other programs can write there too. A `place` is a
 * channel or a key: what was signed for one place is not accepted at another.
 */
export interface Signer {
  /** Adds the signature to a JSON object as its last field, which an older version ignores. */
  sign(place: string, json: string): string
  /** Returns the JSON object as it was signed. */
  open(place: string, text: string): Opened
  /** Signs a text that is stored beside its signature. */
  computeMac(place: string, text: string): string
  isMac(place: string, text: string, mac: string): boolean
}

export function createSigner(hint_key: string, log: Log): Signer {
  const key = createSecretKey(hint_key, 'utf8')
  const logForged = createRareLog(log, 'EngineerChat.redis_forged')
  // The length keeps the end of a place from passing for the beginning of a text.
  const digest = (place: string, text: string): Buffer =>
    createHmac('sha256', key).update(`${place.length}:${place}:${text}`).digest().subarray(0, MAC_BYTES)
  const isMac = (place: string, text: string, mac: string): boolean => {
    const given = Buffer.from(mac, 'base64url')
    const isRight = given.length === MAC_BYTES && timingSafeEqual(given, digest(place, text))
    if (!isRight) logForged()
    return isRight
  }
  const computeMac = (place: string, text: string): string => digest(place, text).toString('base64url')
  return {
    sign: (place, json) => `${json.slice(0, -1)}${BEFORE_MAC}${computeMac(place, json)}${AFTER_MAC}`,
    open(place, text) {
      const end = text.length - SUFFIX_CHARACTERS
      if (end <= 0 || !text.startsWith(BEFORE_MAC, end) || !text.endsWith(AFTER_MAC)) return { trust: 'unsigned' }
      const json = `${text.slice(0, end)}}`
      const mac = text.slice(end + BEFORE_MAC.length, -AFTER_MAC.length)
      return isMac(place, json, mac) ? { trust: 'signed', json } : { trust: 'forged' }
    },
    computeMac,
    isMac,
  }
}
