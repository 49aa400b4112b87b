import type { MessageContent } from '@engineer-chat/protocol'
import { repairJson } from '../shared/index.ts'
import { WrittenNumber, withoutWritten } from '../written-number.ts'

/**
 * An agent's content as it is stored: repaired, and readable as Markdown whatever its shape. The Markdown has numbers as they were written; among the
 * fields a number that JavaScript can't hold is a string of its digits.
 */
export function toAgentContent(content: string | object): MessageContent {
  const repaired = repairJson(content)
  if (typeof repaired === 'string') return { content: repaired }
  const stored = withoutWritten(repaired) as Record<string, unknown>
  if (typeof stored.content === 'string' && !('content' in repaired && repaired.content instanceof WrittenNumber)) {
    return { ...stored, content: stored.content }
  }
  const { content: other, ...fields } = stored
  // An inner `content` that is no text would be lost under the rendering: it is kept beside it.
  return { ...fields, ...(other !== undefined && { [findFreeName(fields)]: other }), content: toMarkdown(repaired) }
}

/** An agent may have a field of this name of its own. */
function findFreeName(fields: object): string {
  const name = 'original_content'
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}_${number}`
    if (!Object.hasOwn(fields, candidate)) return candidate
  }
}

/** Indents can make a rendering many times as long as what was posted. What an agent posts itself is shorter than this. */
export const MAX_RENDERED_CHARACTERS = 512 * 1024
/** The fields themselves are stored as a whole; a rendering has no language of its own. */
const CUT_NOTE = '\n\n*[… cut here: too long to show / 此处截断：内容过长 …]*'

interface Rendering {
  lines: string[]
  charactersLeft: number
}

/** Nested lists: `- **name:** value`. What is too long ends with a note. */
function toMarkdown(value: object): string {
  const rendering: Rendering = { lines: [], charactersLeft: MAX_RENDERED_CHARACTERS }
  addEntries(rendering, value, '')
  return rendering.lines.join('\n') + (rendering.charactersLeft < 0 ? CUT_NOTE : '')
}

function addEntries(rendering: Rendering, value: object, indent: string): void {
  for (const [name, inner] of entriesOf(value)) {
    if (rendering.charactersLeft < 0) return
    const head = `${indent}-${toLabel(name)}`
    if (isLeaf(inner)) addLines(rendering, `${head} ${toInline(inner)}`, `${indent}  `)
    else if (entriesOf(inner).length === 0) addLines(rendering, `${head} –`, '')
    else {
      addLines(rendering, head, `${indent}  `)
      addEntries(rendering, inner, `${indent}  `)
    }
  }
}

/** Lines after the first are indented. */
function addLines(rendering: Rendering, text: string, indent: string): void {
  for (const [at, line] of text.split('\n').entries()) {
    const indented = at === 0 ? line : indent + line
    const left = rendering.charactersLeft
    if (left < 0) return
    rendering.charactersLeft = left - indented.length - 1
    rendering.lines.push(indented.length > left ? indented.slice(0, left).replace(/[\uD800-\uDBFF]$/, '') : indented)
  }
}

const entriesOf = (value: object): Array<readonly [string, unknown]> =>
  Array.isArray(value) ? value.map((item: unknown) => ['', item] as const) : Object.entries(value)

/** Words, with single characters between them that no renderer takes for markup. */
const WORDS = /^[\p{L}\p{N}]+(?:[ _.-][\p{L}\p{N}]+)*$/u

/** A name that is more than words is written as code, so that each of its characters is seen. */
function toLabel(name: string): string {
  if (name === '') return ''
  if (WORDS.test(name)) return ` **${name.replaceAll('_', ' ')}:**`
  const ticks = '`'.repeat(Math.max(0, ...Array.from(name.matchAll(/`+/g), ([run]) => run.length)) + 1)
  return ` ${ticks} ${name.replace(/[\r\n]/g, ' ')} ${ticks}:`
}

const isLeaf = (value: unknown): value is string | number | boolean | null | undefined | WrittenNumber =>
  value === null || typeof value !== 'object' || value instanceof WrittenNumber

function toInline(value: unknown): string {
  if (value === null || value === undefined) return '–'
  return value instanceof WrittenNumber ? value.source : String(value)
}
