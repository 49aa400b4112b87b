import { type Citation, citedIn, withoutMarks } from '@engineer-chat/protocol'
import type { Token, Tokens } from 'marked'
import { lex } from './lex.ts'

/** What is said of an answer: its words, without marks of Markdown, code, and the ids that its list of citations holds. */
export function spokenText(markdown: string, citations: readonly Citation[] = []): string {
  const tokens = lex(markdown)
  const isCited = citedIn(citations)
  const say = (token: Token) => said(token, (words) => withoutMarks(words, isCited))
  const text = tokens ? tokens.map(say).join('\n') : withoutMarks(markdown, isCited)
  return text
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim()
}

function said(token: Token, spoken: (words: string) => string): string {
  const say = (one: Token) => said(one, spoken)
  switch (token.type) {
    case 'code':
    case 'html':
    case 'hr':
    case 'space':
    case 'def':
      return ''
    case 'list':
      return (token as Tokens.List).items.map((item) => item.tokens.map(say).join(' ')).join('\n')
    case 'table': {
      const { header, rows } = token as Tokens.Table
      return [header, ...rows].map((row) => row.map((cell) => cell.tokens.map(say).join('')).join(', ')).join('\n')
    }
    case 'br':
      return '\n'
    case 'codespan':
    case 'escape':
      return (token as Tokens.Codespan).text
  }
  if ('tokens' in token && token.tokens) return token.tokens.map(say).join(token.type === 'blockquote' ? '\n' : '')
  return 'text' in token ? spoken(token.text) : ''
}

/** Mixed text of this trade is Chinese with names in Latin script. */
export const languageOf = (text: string): 'zh' | 'en' =>
  (text.match(/\p{Script=Han}/gu) ?? []).length * 8 > text.length ? 'zh' : 'en'
