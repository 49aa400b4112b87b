import type { MessageContent } from '@engineer-chat/protocol'
import { repairJson } from './text.ts'

/** An agent's content as it is stored: repaired, and readable as Markdown whatever its shape. */
export function agentContent(content: string | object): MessageContent {
  const repaired = repairJson(content)
  if (typeof repaired === 'string') return { content: repaired }
  if ('content' in repaired && typeof repaired.content === 'string') {
    return { ...repaired, content: repaired.content }
  }
  const { content: other, ...fields } = repaired as Record<string, unknown>
  // An inner `content` that is no text would be lost under the rendering: it is kept beside it.
  return { ...fields, ...(other === undefined ? {} : { original_content: other }), content: markdownOf(repaired) }
}

/** Nested lists: `- **name:** value`. */
export function markdownOf(value: unknown, indent = ''): string {
  if (value === null || typeof value !== 'object') return inline(value)
  const entries = Array.isArray(value) ? value.map((item) => ['', item] as const) : Object.entries(value)
  return entries.map(([name, inner]) => `${indent}-${labelOf(name)}${bodyOf(inner, indent)}`).join('\n')
}

const labelOf = (name: string): string => (name === '' ? '' : ` **${name.replaceAll('_', ' ')}:**`)

function bodyOf(value: unknown, indent: string): string {
  if (value === null || typeof value !== 'object') return ` ${inline(value).replaceAll('\n', `\n${indent}  `)}`
  const inner = markdownOf(value, `${indent}  `)
  return inner === '' ? ' –' : `\n${inner}`
}

const inline = (value: unknown): string => (value === null || value === undefined ? '–' : String(value))
