// Only what every renderer takes for code: a fence at the very beginning of a line, and spans within one line. What is missed is
// treated as text, which costs looks; what is taken for code and isn't would be a way past the filter.

const CODE =
  /(?<=^|\n)(?:(`{3,})[^`\n]*|(~{3,})[^\n]*)\n(?:[\s\S]*?\n)??(?:\1|\2)[`~]*[ \t]*(?=\n|$)|(?<![\\`])(`+)(?!`)[^\n]*?(?<!`)\3(?!`)/g

const MASK = /\uE000(\d+)\uE001/g

/** Applies a change to a text's prose, around which code stays as it is. */
export function outsideCode(text: string, change: (prose: string) => string): string {
  const code: string[] = []
  const masked = text.replace(/[\uE000\uE001]/g, '\uFFFD').replace(CODE, (found) => {
    if (found.trim() === '') return found
    code.push(found)
    return `\uE000${code.length - 1}\uE001`
  })
  return change(masked).replace(MASK, (_, at) => code[Number(at)] ?? '')
}
