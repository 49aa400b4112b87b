// Only what every renderer takes for code. What is missed is treated as text, which costs looks; what is taken for code and isn't
// would be a way past the filter. One fence or backtick too many turns around what follows: behind a fence that is in doubt no
// fence counts, and in its paragraph no span.

const FENCE = /^(?:(`{3,})[^`]*|(~{3,}).*)$/
/** A fence in a list or a quotation, or one that is indented. */
const FENCE_ELSEWHERE = /^[\s>*+.)\d-]+(?:`{3}|~{3})/
const BLANK = /^[ \t]*$/
const ADDRESS = /:\/\/|www\.|@/i
const BACKTICKS = /`+/g
const MASK = /\uE000(\d+)\uE001/g

/** Applies a change to a text's prose, around which code stays as it is. Lines end with `\n` afterwards. */
export function outsideCode(text: string, change: (prose: string) => string): string {
  const code: string[] = []
  const keep = (found: string): string => `\uE000${code.push(found) - 1}\uE001`
  const lines = text
    .replace(/[\uE000\uE001]/g, '\uFFFD')
    .replace(/\r\n?/g, '\n')
    .split('\n')
  return change(withoutFences(lines, keep).join('\n')).replace(MASK, (_, at) => code[Number(at)] ?? '')
}

type Keep = (code: string) => string

function withoutFences(lines: string[], keep: Keep): string[] {
  const out: string[] = []
  let paragraph: string[] = []
  const endParagraph = () => {
    for (const line of spansOf(paragraph, keep)) out.push(line) // a span may go over several lines of one, and no further
    paragraph = []
  }
  let inDoubt = false
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const [, ticks, tildes] = FENCE.exec(line) ?? []
    const fence: string | undefined = inDoubt ? undefined : (ticks ?? tildes)
    const end: number | undefined = fence === undefined ? at : closingOf(lines, at, fence)
    inDoubt ||= end === undefined || FENCE_ELSEWHERE.test(line)
    if (fence === undefined || end === undefined) {
      paragraph.push(line)
      if (BLANK.test(line)) endParagraph()
      continue
    }
    endParagraph()
    out.push(keep(lines.slice(at, end + 1).join('\n')))
    at = end
  }
  endParagraph()
  return out
}

/** The line that closes the fence; undefined for one that stays open. */
function closingOf(lines: string[], at: number, fence: string): number | undefined {
  const closing = new RegExp(`^ {0,3}${fence[0]}{${fence.length},}[ \\t]*$`)
  for (let end = at + 1; end < lines.length; end += 1) if (closing.test(lines[end] ?? '')) return end
  return undefined
}

/**
 * None are taken out of a paragraph in which a backtick has no partner in its line or may belong to an address, or in which a
 * table's cell may end within a span.
 */
function spansOf(paragraph: string[], keep: Keep): string[] {
  const isTable = paragraph.some((line) => /^[\s|:>-]+$/.test(line) && line.includes('-'))
  const kept = paragraph.map((line) => spansKept(line, isTable, keep))
  return kept.every((line) => line !== undefined) ? kept : paragraph
}

function spansKept(line: string, isTable: boolean, keep: Keep): string | undefined {
  let out = ''
  let end = 0
  for (const { index, 0: opening } of line.matchAll(BACKTICKS)) {
    if (index < end) continue // within the last span, or its end
    const closing = line.slice(index).matchAll(BACKTICKS).drop(1)
    const partner = closing.find(([ticks]) => ticks === opening)
    const before = line.slice(end, index)
    if (!partner || before.endsWith('\\') || ADDRESS.test(before.slice(before.lastIndexOf(' ') + 1))) return undefined
    const span = line.slice(index, index + partner.index + opening.length)
    if (isTable && span.includes('|')) return undefined
    out += before + keep(span)
    end = index + span.length
  }
  return out + line.slice(end)
}
