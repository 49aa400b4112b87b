import type { MessageContent } from '@engineer-chat/protocol'
import { repairJson } from './text.ts'
import { WrittenNumber, withoutWritten } from './written-number.ts'

/**
 * An agent's content as it is stored: repaired, and readable as Markdown whatever its shape. The Markdown has numbers as they were written; among the
 * fields a number that JavaScript can't hold is a string of its digits.
 */
export function agentContent(content: string | object): MessageContent {
  const repaired = repairJson(content)
  if (typeof repaired === 'string') return { content: repaired }
  const stored = withoutWritten(repaired) as Record<string, unknown>
  if (typeof stored.content === 'string' && !('content' in repaired && repaired.content instanceof WrittenNumber)) {
    return { ...stored, content: stored.content }
  }
  const { content: other, ...fields } = stored
  // An inner `content` that is no text would be lost under the rendering: it is kept beside it.
  return { ...fields, ...(other === undefined ? {} : { original_content: other }), content: markdownOf(repaired) }
}

/** Nested lists: `- **name:** value`. */
export function markdownOf(value: unknown, indent = ''): string {
  if (isLeaf(value)) return inline(value)
  const entries = Array.isArray(value) ? value.map((item) => ['', item] as const) : Object.entries(value)
  return entries.map(([name, inner]) => `${indent}-${labelOf(name)}${bodyOf(inner, indent)}`).join('\n')
}

const labelOf = (name: string): string => (name === '' ? '' : ` **${name.replaceAll('_', ' ')}:**`)

function bodyOf(value: unknown, indent: string): string {
  if (isLeaf(value)) return ` ${inline(value).replaceAll('\n', `\n${indent}  `)}`
  const inner = markdownOf(value, `${indent}  `)
  return inner === '' ? ' –' : `\n${inner}`
}

const isLeaf = (value: unknown): value is string | number | boolean | null | undefined | WrittenNumber =>
  value === null || typeof value !== 'object' || value instanceof WrittenNumber

function inline(value: unknown): string {
  if (value === null || value === undefined) return '–'
  return value instanceof WrittenNumber ? value.source : String(value)
}
