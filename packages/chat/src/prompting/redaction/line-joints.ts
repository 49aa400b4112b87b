import { isLocation, isUnlikeWord, looksLikePassword, mayBeSecret } from './checks.ts'
import { PASSWORD_AND_SECRET_WORDS } from './rules/names.ts'
import type { SecretKind } from './rules/rule.ts'
import { findLowerBound, type Joint, toOriginalSpan, type View } from './view.ts'

/** Holds what a rule found in a view: its position there, its position in the original text, and its kind. */
export interface FoundSecret {
  view: View
  /** If true, a name such as `password` before the secret shows that it is one. */
  isNamed: boolean
  startInView: number
  endInView: number
  start: number
  end: number
  kind: SecretKind
}

/** Holds the secrets that cross no joint, by where they start and end in the original. */
interface SecretsOfOneLine {
  endsByStart: Map<number, number>
  startsByEnd: Map<number, number>
}

/**
 * Leaves out each secret that is really a secret at the end of a line with the first word of the next line. A view
 * that joins lines can only guess which of them a shell would join. In Markdown, a backslash at the end of a line only
 * breaks the line.
 */
export function leaveOutJoinedLines(found: readonly FoundSecret[]): FoundSecret[] {
  if (found.every(({ view }) => view.joints.length === 0)) return [...found]
  const joints = found.map(findCrossedJoint)
  const oneLine: SecretsOfOneLine = { endsByStart: new Map(), startsByEnd: new Map() }
  for (const [index, { start, end }] of found.entries()) {
    if (joints[index]) continue
    oneLine.endsByStart.set(start, Math.max(end, oneLine.endsByStart.get(start) ?? end))
    oneLine.startsByEnd.set(end, Math.min(start, oneLine.startsByEnd.get(end) ?? start))
  }
  return found.filter((secret, index) => {
    const joint = joints[index]
    if (joint) return !isOfTwoLines(secret, joint, oneLine)
    return !startsInJoint(secret, oneLine) && !isNamedByLineBefore(secret)
  })
}

/** Returns the first joint after the beginning and before the end of a secret, if there is one. */
function findCrossedJoint({ view: { joints }, startInView, endInView }: FoundSecret): Joint | undefined {
  const joint = joints[countJointsUpTo(joints, startInView)]
  return joint && joint.lineEnd < endInView ? joint : undefined
}

/** Counts the joints whose first line ends at or before this index of the view. */
const countJointsUpTo = (joints: readonly Joint[], index: number): number =>
  findLowerBound(joints.length, (joint) => joints[joint]?.lineEnd ?? 0, index + 1)

/** Matches the name of a value at the beginning of a line: `Host: `, `user=anna`. Base64 may have a `=` at its end. */
const LABEL =
  /^[*_]{0,3}\p{L}[\p{L}\p{N}_-]{1,23}[*_]{0,3}[ \t]?(?::(?=[*_]{0,3}(?:\s|$|[^ -~]))|(?<!\p{N}.*)=(?=[^=\s]))/u
/** Matches the first word of a line. Its end needs no blank in Chinese. */
const FIRST_WORD = /^[([*_]{0,4}(?<word>[^\s"'`，。；、：（）！？]*)/
/** Matches the punctuation marks after a word. */
const AFTER_WORD = /[.,;:!?)\]*_]{1,4}$/
const MIN_PASSPHRASE_WORDS = 4
const MAX_WORD_CHARACTERS = 64

/** Returns true if a secret is really the end of one line, a secret or not, and the first word of the next line. */
function isOfTwoLines(secret: FoundSecret, { lineEnd, nextLineStart }: Joint, oneLine: SecretsOfOneLine): boolean {
  const { view, startInView, endInView, start, end, kind } = secret
  const { text } = view
  const value = text.slice(startInView, endInView)
  const before = text.slice(startInView, lineEnd).trimEnd()
  const quote = text[startInView - 1] ?? ''
  const isQuoted = /["'`]/.test(quote) && text[endInView] === quote
  if ((isQuoted && !hasFormat(before, kind)) || value.includes('\n')) return false
  const after = text.slice(nextLineStart, nextLineStart + MAX_WORD_CHARACTERS)
  const firstWord = (FIRST_WORD.exec(after)?.groups?.word ?? '').replace(AFTER_WORD, '')
  const nextStart = toOriginalSpan(view, nextLineStart, nextLineStart + 1).start
  const endOfNextSecret = oneLine.endsByStart.get(nextStart)
  // A single escape may also be a part of a password with a backslash. A passphrase has several words.
  const mayBeBackslash = !hasFormat(before, kind) && /^\\{1,2}[nrt]$/.test(text.slice(lineEnd, nextLineStart))
  const mayBePassphrase = kind === 'PASSWORD' && /\s/.test(value) && before.split(/\s+/).length < MIN_PASSPHRASE_WORDS
  const mayBeOneValue = mayBeBackslash || mayBePassphrase
  const isFirstFound = [before, before.replace(/["'`]{1,3}$/, ''), before.replace(AFTER_WORD, '')].some((part) => {
    const partEnd = toOriginalSpan(view, startInView, startInView + part.length).end
    return (oneLine.startsByEnd.get(partEnd) ?? end) <= start
  })
  if (isFirstFound || isEverydayWord(before)) {
    if (endInView <= nextLineStart || endOfNextSecret !== undefined || LABEL.test(after)) return true
    if (mayBeOneValue) return false
    if (isWord(firstWord) || (looksLikePassword(before) && isHostOrTime(firstWord))) return true
    // A number may be the end of a password, but no host or number is the end of a secret with a format.
    const isNumber = /^\d{1,4}$/.test(text.slice(nextLineStart, endInView))
    return hasFormat(before, kind) && (isHostOrTime(firstWord) || isNumber)
  }
  // The first line may end with any word before the name of a mail address.
  return kind === 'MAIL' && endOfNextSecret === end
}

/** Returns true for a secret that has the last letter of an escape before it, as `nanna` in `by\\nanna@x.example`. */
function startsInJoint({ view, startInView, end }: FoundSecret, { endsByStart }: SecretsOfOneLine): boolean {
  const joint = view.joints[countJointsUpTo(view.joints, startInView) - 1]
  if (!joint || startInView === joint.lineEnd || startInView >= joint.nextLineStart) return false
  const { nextLineStart } = joint
  return endsByStart.get(toOriginalSpan(view, nextLineStart, nextLineStart + 1).start) === end
}

/** No separator follows the name. After `password:` or `password=`, the next line may begin with the value. */
const ENDS_WITH_NAME = new RegExp(`${PASSWORD_AND_SECRET_WORDS}[.,;!?)"'\`*]{0,3}$`, 'iu')

/**
 * Returns true if a line begins with a word or a host, with or without a label, and this looks like a secret only
 * because the line before ends with the name of one: `changed the password\⏎web-01 was next`.
 */
function isNamedByLineBefore({ view: { text, joints }, isNamed, startInView, endInView }: FoundSecret): boolean {
  const joint = joints[countJointsUpTo(joints, startInView) - 1]
  if (!isNamed || !joint) return false
  const lineBefore = text.slice(Math.max(0, joint.lineEnd - MAX_WORD_CHARACTERS), joint.lineEnd)
  const before = text.slice(joint.nextLineStart, startInView)
  const value = text.slice(startInView, endInView)
  return (
    ENDS_WITH_NAME.test(lineBefore) &&
    /^(?:\p{L}[\p{L}\p{N}_-]{0,23}:[ \t]{0,4})?$/u.test(before) &&
    (isWord(value) || isHostOrTime(value))
  )
}

const isEverydayWord = (text: string): boolean => /\p{L}/u.test(text) && !mayBeSecret(text)

/** Returns true for a word of a sentence, for a path or URL, and if there is no word. */
const isWord = (text: string): boolean =>
  text.length < MAX_WORD_CHARACTERS && (isLocation(text) || (/^[\p{L}’'-]*$/u.test(text) && !isUnlikeWord(text)))

/** Returns true for a secret with a format, and for a long one. A part of it would hardly be found as a secret. */
const hasFormat = (secret: string, kind: SecretKind): boolean =>
  kind !== 'PASSWORD' || secret.length >= MIN_HASH_CHARACTERS
const MIN_HASH_CHARACTERS = 24

/** Matches the name of a computer, an account with its domain, an IP address, a time or a CVE. */
const HOST_OR_TIME =
  /^(?:[a-z]{1,20}\d{0,4}(?:[-.][a-z\d]{1,20}){0,6}|[A-Z]{2,20}\d{0,4}(?:-[A-Z\d]{1,15}){0,6}|[A-Za-z][\w-]{1,19}\\{1,4}[\w.$-]{1,40}|(?:\d{1,3}\.){3}\d{1,3}(?:[:/]\d{1,5})?|\d{4}-\d\d-\d\d\S{0,30}|\d{1,2}:\d\d(?::\d\d)?|CVE-\d{4}-\d{4,7})$/

const isHostOrTime = (word: string): boolean => HOST_OR_TIME.test(word)
