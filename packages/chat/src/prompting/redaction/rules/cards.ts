import { isCardNumber } from '../checks.ts'
import type { SecretMatch } from './rule.ts'

/** Matches groups of digits with one blank or dash between them. */
const DIGIT_GROUPS = /(?<![\w.-])\d+(?:[ -]\d+)*(?![A-Za-z0-9_])/g
/** Matches how the digits of a card are printed or typed: the lengths of the groups, with a dash between them. */
const USUAL_GROUPS = /^(?:1[4-9]|4-4-4-4(?:-[1-3])?|4-6-[45]|6-1[0-3])$/
/** A shorter group stands only at the end of a card's number. */
const MIN_GROUP_DIGITS = 4
const MIN_CARD_DIGITS = 14
const MAX_CARD_DIGITS = 19
/** Matches a date such as `30061983`. */
const DATE = /^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d$/

interface DigitGroup {
  digits: string
  start: number
  end: number
}

/**
 * Finds the numbers of bank cards. Other numbers, such as an amount or the month in which the card expires, may be
 * before and after a number with the usual groups. A number with other groups must stand alone.
 */
export function findCards(text: string): SecretMatch[] {
  const cards: SecretMatch[] = []
  for (const match of text.matchAll(DIGIT_GROUPS)) {
    if (match[0].length < MIN_CARD_DIGITS) continue
    const groups = Array.from(match[0].matchAll(/\d+/g), ({ 0: digits, index }) => {
      const start = match.index + index
      return { digits, start, end: start + digits.length }
    })
    for (let first = 0; first < groups.length; ) {
      const count = countGroupsOfCard(text, groups, first)
      const [start, end] = [groups[first]?.start ?? 0, groups[first + count - 1]?.end ?? 0]
      if (count > 0) cards.push({ start, end })
      first += Math.max(1, count)
    }
  }
  return cards
}

/** Counts the groups of the longest card number that begins with this group, or returns 0 if there is none. */
function countGroupsOfCard(text: string, groups: DigitGroup[], first: number): number {
  const { start, digits } = groups[first] ?? { start: 0, digits: '' }
  if (digits.length < MIN_GROUP_DIGITS || text[start - 1] === '-') return 0
  let count = 0
  for (let digitCount = 0, next = first; next < groups.length; next++) {
    const group = groups[next]
    digitCount += group?.digits.length ?? 0
    if (!group || digitCount > MAX_CARD_DIGITS) break
    const card = groups.slice(first, next + 1)
    const isWhole = first === 0 && next === groups.length - 1
    if (/^[.-]\d/.test(text.slice(group.end, group.end + 2))) continue
    if ((hasUsualGroups(card) || (isWhole && mayBeCard(card))) && isCardNumber(text.slice(start, group.end)))
      count = card.length
  }
  return count
}

const hasUsualGroups = (groups: DigitGroup[]): boolean =>
  USUAL_GROUPS.test(groups.map(({ digits }) => digits.length).join('-'))

const mayBeCard = (groups: DigitGroup[]): boolean =>
  groups.slice(0, -1).every(({ digits }) => digits.length >= MIN_GROUP_DIGITS) &&
  !groups.every(({ digits }) => DATE.test(digits))
