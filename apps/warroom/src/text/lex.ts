import { Marked, type Token } from 'marked'

const DEEPEST = 40
const LONGEST_WORD = 5_000
const BUILT = new RegExp(`^(?:[ \\t]*>){${DEEPEST}}|^[ \\t]{${DEEPEST * 4}}\\S|\\S{${LONGEST_WORD}}`, 'm')

/** Bare addresses are found by what finds indicators: the library's own search takes seconds for a long word. */
const reader = new Marked({ gfm: true, breaks: true, tokenizer: { url: () => undefined } })

/** The text's structure; undefined for what nobody writes as Markdown (too deep, words of kilobytes): it is shown as it is. */
export function lex(text: string): Token[] | undefined {
  if (BUILT.test(text)) return undefined
  try {
    return reader.lexer(text)
  } catch {
    return undefined
  }
}
