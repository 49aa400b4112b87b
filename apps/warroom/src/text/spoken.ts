import type { Token, Tokens } from 'marked'
import { lex } from './lex.ts'

/** What is said of an answer: its words, without marks of Markdown, code and the ids of its evidence. */
export function spokenText(markdown: string): string {
  const tokens = lex(markdown)
  const text = tokens ? tokens.map(said).join('\n') : markdown
  return text
    .replace(/\s*\[[A-Z]\d+\??\]/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim()
}

function said(token: Token): string {
  switch (token.type) {
    case 'code':
    case 'html':
    case 'hr':
    case 'space':
    case 'def':
      return ''
    case 'list':
      return (token as Tokens.List).items.map((item) => item.tokens.map(said).join(' ')).join('\n')
    case 'table': {
      const { header, rows } = token as Tokens.Table
      return [header, ...rows].map((row) => row.map((cell) => cell.tokens.map(said).join('')).join(', ')).join('\n')
    }
    case 'br':
      return '\n'
    case 'codespan':
    case 'escape':
      return (token as Tokens.Codespan).text
  }
  if ('tokens' in token && token.tokens) return token.tokens.map(said).join(token.type === 'blockquote' ? '\n' : '')
  return 'text' in token ? token.text : ''
}

/** Mixed text of this trade is Chinese with names in Latin script. */
export const languageOf = (text: string): 'zh' | 'en' =>
  (text.match(/\p{Script=Han}/gu) ?? []).length * 8 > text.length ? 'zh' : 'en'
