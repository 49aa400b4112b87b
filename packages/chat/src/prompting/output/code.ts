import { listCodeRanges, parseMarkdown } from '@engineer-chat/markdown'

/** Applies a change to each part that is not code, as the web page's own lexer sees it; code stays byte for byte. */
export function transformOutsideCode(text: string, change: (prose: string) => string): string {
  let out = ''
  let end = 0
  for (const code of listCodeRanges(parseMarkdown(text))) {
    out += change(text.slice(end, code.start)) + text.slice(code.start, code.end)
    end = code.end
  }
  return out + change(text.slice(end))
}
