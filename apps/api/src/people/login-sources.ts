import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Config } from '@engineer-chat/adapters/environment'
import { sha256 } from '@engineer-chat/chat/shared'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { getClientAddress, toNetwork } from '../http/client-address.ts'

/** Identifies the device and the network that a login comes from. */
export interface LoginSource {
  /** Identifies the browser, if a user of this name signed in there before. */
  device: string | undefined
  network: string
  /** Lists keyed hashes of username and network: the first by the current key, the others by the previous keys. */
  network_hashes: [string, ...string[]]
}

/**
 * Recognizes the devices and networks from which a user signed in before. A browser keeps a signed cookie, as OWASP
 * recommends ("device cookies"). Programs keep no cookies, so each sign-in also stores a keyed hash of its network.
 * Neither the cookie nor the hash gives a right.
 */
export interface LoginSources {
  read(request: FastifyRequest, username: string): LoginSource
  /** Sets or renews the cookie of a browser in which the user has signed in. */
  remember(request: FastifyRequest, reply: FastifyReply, username: string, source: LoginSource): void
}

const COOKIE_PATH = '/api/auth/login'

export function createLoginSources({ secret, previousSecrets, deviceSeconds }: Config['signIn']): LoginSources {
  const current = deriveKeys(secret)
  const previous = previousSecrets.map(deriveKeys)
  return {
    read(request, username) {
      const network = toNetwork(getClientAddress(request))
      const hashNetwork = (keys: Keys) => sign(keys.network, [username, network]).toString('hex')
      const cookie = request.cookies[toCookieName(username)]
      return {
        device: readDevice(cookie ?? '', username, [current, ...previous], deviceSeconds),
        network,
        network_hashes: [hashNetwork(current), ...previous.map(hashNetwork)],
      }
    },
    remember(request, reply, username, { device = randomBytes(16).toString('base64url') }) {
      const issuedAtSeconds = String(Math.floor(Date.now() / 1_000))
      const signature = sign(current.device, [username, issuedAtSeconds, device]).toString('base64url')
      const options = {
        path: COOKIE_PATH,
        httpOnly: true,
        sameSite: 'strict',
        secure: request.protocol === 'https',
      } as const
      const value = `${issuedAtSeconds}.${device}.${signature}`
      reply.setCookie(toCookieName(username), value, { ...options, maxAge: deviceSeconds })
    },
  }
}

interface Keys {
  device: Buffer
  network: Buffer
}

/** Each purpose has a separate key, so that a signature for one purpose is not valid for another. */
function deriveKeys(secret: string): Keys {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `engineer-chat ${purpose}`, 32))
  return { device: derive('device'), network: derive('network') }
}

/** The parts are signed as JSON, so that different parts never give the same text. */
const sign = (key: Buffer, parts: string[]): Buffer => createHmac('sha256', key).update(JSON.stringify(parts)).digest()

/**
 * Colleagues may share a browser, so each username has a separate cookie. The username is hashed, because many
 * characters are not allowed in a cookie's name.
 */
const toCookieName = (username: string): string => `device_${sha256(username).slice(0, 16)}`

function readDevice(cookie: string, username: string, keys: Keys[], maxAgeSeconds: number): string | undefined {
  const [issuedAtSeconds = '', device = '', signature = ''] = cookie.split('.')
  const givenSignature = Buffer.from(signature, 'base64url')
  const isSigned = keys.some(({ device: deviceKey }) => {
    const expected = sign(deviceKey, [username, issuedAtSeconds, device])
    return givenSignature.length === expected.length && timingSafeEqual(givenSignature, expected)
  })
  const ageSeconds = Date.now() / 1_000 - Number(issuedAtSeconds)
  return isSigned && ageSeconds <= maxAgeSeconds ? device : undefined
}
