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
    const name = findSpelling(writtenName, people)
    const user_id = name === undefined ? undefined : people.get(name.toLowerCase())
    if (name === undefined || user_id === undefined) continue
    if (index > end) segments.push({ text: text.slice(end, index), start: end })
    end = index + 1 + name.length
    segments.push({ text: text.slice(index, end), start: index, user_id })
  }
  if (end < text.length) segments.push({ text: text.slice(end), start: end })
  return segments
}

/** Returns the longest spelling that names a person. Each mark at the end may belong to the name or to the sentence. */
function findSpelling(writtenName: string, people: ReadonlyMap<string, string>): string | undefined {
  for (let end = writtenName.length; end > 0; end -= 1) {
    const spelling = writtenName.slice(0, end)
    if (people.has(spelling.toLowerCase())) return spelling
    if (!'._-'.includes(writtenName.charAt(end - 1))) return undefined
  }
  return undefined
}
