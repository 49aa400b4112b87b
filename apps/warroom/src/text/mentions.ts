export interface MentionSegment {
  text: string
  start: number
  /** Names the person whom the segment mentions. */
  user_id?: string
}

/**
 * Matches a name such as `@alice`. The server uses the same expression. An `@` after one of the excluded characters
 * belongs to a mail address or a path.
 */
const NAME = /(?<![A-Za-z0-9._@/+-])@([A-Za-z0-9][A-Za-z0-9._-]{0,63})/g

/**
 * Splits a text of a person at the mentions that the server found. The joined segments equal the text. `people` maps
 * the lower-case name of each mentioned person to the user id.
 */
export function splitMentions(text: string, people: ReadonlyMap<string, string>): MentionSegment[] {
  const segments: MentionSegment[] = []
  let end = 0
  for (const { 1: writtenName = '', index } of text.matchAll(NAME)) {
    const name = [writtenName, removeTrailingPunctuation(writtenName)].find((spelling) =>
      people.has(spelling.toLowerCase()),
    )
    const user_id = name === undefined ? undefined : people.get(name.toLowerCase())
    if (name === undefined || user_id === undefined) continue
    if (index > end) segments.push({ text: text.slice(end, index), start: end })
    end = index + 1 + name.length
    segments.push({ text: text.slice(index, end), start: index, user_id })
  }
  if (end < text.length) segments.push({ text: text.slice(end), start: end })
  return segments
}

/** Removes `.`, `_` and `-` at the end of a name, because they may belong to the sentence. */
function removeTrailingPunctuation(name: string): string {
  let length = name.length
  while (length > 0 && '._-'.includes(name.charAt(length - 1))) length -= 1
  return name.slice(0, length)
}
