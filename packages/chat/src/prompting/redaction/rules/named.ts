import type { Follower } from './follower.ts'
import { findNames, NAME_KEYWORDS, type NameClass, type TellingName } from './names.ts'
import { type Found, type SecretKind, type SecretRule, secretPart } from './rule.ts'
import { SPOKEN_FOLLOWERS } from './spoken-followers.ts'
import { WRITTEN_FOLLOWERS } from './written-followers.ts'

const FOLLOWERS: readonly Follower[] = [...WRITTEN_FOLLOWERS, ...SPOKEN_FOLLOWERS]

const KINDS: Record<NameClass, SecretKind> = { password: 'PASSWORD', secret: 'PASSWORD', session: 'COOKIE', key: 'KEY' }
/** A follower may check this many characters before a name. */
const BEFORE_CHARACTERS = 60

function findNamed(text: string): Found[] {
  const found: Found[] = []
  for (const name of findNames(text)) {
    const before = text.slice(Math.max(0, name.start - BEFORE_CHARACTERS), name.start)
    for (const follower of FOLLOWERS) {
      const part = follow(text, name, before, follower)
      if (part) found.push({ ...part, kind: KINDS[name.class] })
    }
  }
  return found
}

function follow(
  text: string,
  name: TellingName,
  before: string,
  { pattern, accept, before: expected }: Follower,
): Found | undefined {
  if (expected && !expected.test(before)) return undefined
  pattern.lastIndex = name.end
  const match = pattern.exec(text)
  const part = match && secretPart(match)
  if (!part) return undefined
  const secret = text.slice(part.start, part.end)
  if (!accept(secret, name) || NEXT_ASSIGNMENT.test(text.slice(part.end, part.end + 6))) return undefined
  return { start: part.start, end: part.start + withoutEnd(secret).length }
}

/** The word behind `reason =` is a name of its own in `reason = Invalid password : server = 192.0.2.1`. */
const NEXT_ASSIGNMENT = /^[ \t]{1,3}[=:][ \t]/

/** Cuts a sentence's full stop, or a bracket that opened before the secret, from the secret's end. */
function withoutEnd(secret: string): string {
  const end = /(?:\*\*|[.,;:*]|[)\]}]+[.,;]?)$/.exec(secret)
  if (!end || end.index < 3) return secret
  return /[([{]/.test(secret) && /[)\]}]/.test(end[0]) ? secret : secret.slice(0, end.index)
}

/** This rule tries each follower at each telling name of a text. */
export const NAMED: SecretRule = {
  id: 'named',
  kind: 'PASSWORD',
  keywords: NAME_KEYWORDS,
  find: findNamed,
  hides: FOLLOWERS.flatMap(({ hides }) => hides),
  keeps: FOLLOWERS.flatMap(({ keeps }) => keeps),
}
