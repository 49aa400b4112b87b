import { COMPOSED_CUT_NOTE, type MessageContent } from '@engineer-chat/protocol'
import { repairJson, replaceWrittenNumbers, WrittenNumber } from '../shared/index.ts'

/**
 * Returns an agent's content as it is stored. Its texts are repaired. If it has no text, readable lines of its
 * fields become its text, with each number as it was written. In the fields, a number that JavaScript cannot hold
 * becomes a string of its digits.
 * @param content the posted text or JSON object. A `WrittenNumber` stands for a number that JavaScript would write in
 * another way.
 */
export function toAgentContent(content: string | object): MessageContent {
  const repaired = repairJson(content)
  if (typeof repaired === 'string') return { content: repaired }
  const stored = replaceWrittenNumbers(repaired) as Record<string, unknown>
  // A number of very many digits is a string in `stored`, but the agent posted no text.
  const isNumber = 'content' in repaired && repaired.content instanceof WrittenNumber
  if (typeof stored.content === 'string' && !isNumber) return { ...stored, content: stored.content }
  const { content: original, ...fields } = stored
  // The readable lines become `content`. An original `content` that is not a text moves to another field.
  const originalField = original === undefined ? {} : { [findFreeName(fields)]: original }
  return { ...fields, ...originalField, content: composeText(repaired) }
}

/** Returns a name that no field of the agent has. */
function findFreeName(fields: object): string {
  const name = 'original_content'
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}_${number}`
    if (!Object.hasOwn(fields, candidate)) return candidate
  }
}

/**
 * The readable lines have at most this many characters together, because their indents can make them many times as long
 * as the posted content.
 */
export const MAX_RENDERED_CHARACTERS = 512 * 1024

interface Rendering {
  lines: string[]
  charactersLeft: number
  /** Is true once a line was cut or left out. No further line is then added. */
  isCut: boolean
}

/** Writes `name: value` lines, indented by their depth. A text that is too long is cut, and ends with a note. */
export function composeText(value: object): string {
  const rendering: Rendering = { lines: [], charactersLeft: MAX_RENDERED_CHARACTERS, isCut: false }
  addEntries(rendering, value, '')
  return rendering.lines.join('\n') + (rendering.isCut ? `\n\n${COMPOSED_CUT_NOTE}` : '')
}

function addEntries(rendering: Rendering, value: object, indent: string): void {
  for (const [name, inner] of listEntries(value)) {
    if (rendering.isCut) return
    const label = name === undefined ? '-' : `${name.replace(/[\r\n]/g, ' ')}:`
    const head = indent + label
    if (isLeaf(inner)) addLines(rendering, `${head} ${toInline(inner)}`, `${indent}  `)
    else if (listEntries(inner).length === 0) addLines(rendering, `${head} ${Array.isArray(inner) ? '[]' : '{}'}`, '')
    else {
      addLines(rendering, head, `${indent}  `)
      addEntries(rendering, inner, `${indent}  `)
    }
  }
}

/** Adds the lines of a text. The first line has its indent already, the others get `indent`. */
function addLines(rendering: Rendering, text: string, indent: string): void {
  for (const [index, line] of text.split('\n').entries()) {
    const indented = index === 0 ? line : indent + line
    if (rendering.isCut) return
    const lineBreakLength = rendering.lines.length === 0 ? 0 : 1
    const charactersLeft = rendering.charactersLeft - lineBreakLength
    rendering.isCut = indented.length > charactersLeft
    rendering.charactersLeft = charactersLeft - indented.length
    // A cut within a surrogate pair would leave its first half, which is no character.
    if (!rendering.isCut) rendering.lines.push(indented)
    else if (charactersLeft > 0) rendering.lines.push(indented.slice(0, charactersLeft).replace(/[\uD800-\uDBFF]$/, ''))
  }
}

/** Lists the entries of an object or a list. An entry of a list has no name. */
const listEntries = (value: object): Array<readonly [string | undefined, unknown]> =>
  Array.isArray(value) ? value.map((item: unknown) => [undefined, item] as const) : Object.entries(value)

const isLeaf = (value: unknown): value is string | number | boolean | null | undefined | WrittenNumber =>
  value === null || typeof value !== 'object' || value instanceof WrittenNumber

function toInline(value: unknown): string {
  return value instanceof WrittenNumber ? value.source : String(value)
}
