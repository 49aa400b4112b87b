/** Holds the fields of a file's front matter, from a line `---` to a line `---` or `...`, and the text after it. */
export interface FrontMatter {
  /** Maps the names, in lower case, to their values. Nested values are left out. */
  fields: Map<string, string>
  text: string
}

const BEGINNING = /^---[ \t]*(?:\r\n|\r|\n)/
const END = /^(?:---|\.\.\.)[ \t]*$/
const FIELD = /^([A-Za-z][\w-]{0,63}):[ \t]+(.*)$/
/** Limits the lines after the first `---`, the last one included. A longer block is not front matter but text. */
const MAX_LINES = 100

/** Reads the simple fields of YAML front matter. A text without a complete block is returned as it is. */
export function readFrontMatter(source: string): FrontMatter {
  const beginning = BEGINNING.exec(source)
  if (!beginning) return { fields: new Map(), text: source }
  const fields = new Map<string, string>()
  let start = beginning[0].length
  for (let line = 0; line < MAX_LINES && start < source.length; line += 1) {
    const { text, next } = readLine(source, start)
    if (END.test(text)) return { fields, text: source.slice(next) }
    const [, name, value] = FIELD.exec(text) ?? []
    if (name !== undefined && value !== undefined) fields.set(name.toLowerCase(), unquote(value.trim()))
    start = next
  }
  return { fields: new Map(), text: source }
}

function readLine(source: string, start: number): { text: string; next: number } {
  let end = start
  while (end < source.length && source[end] !== '\n' && source[end] !== '\r') end += 1
  const isPair = source[end] === '\r' && source[end + 1] === '\n'
  return { text: source.slice(start, end), next: Math.min(source.length, end + (isPair ? 2 : 1)) }
}

const unquote = (value: string): string => /^(["'])(.*)\1$/.exec(value)?.[2] ?? value
