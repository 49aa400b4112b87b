import { COMPOSED_CUT_NOTE, type MessageContent } from '@engineer-chat/protocol'
import { repairJson, replaceWrittenNumbers, WrittenNumber } from '../shared/index.ts'

/**
 * Converts what an agent posted to the content that is stored. Every string is repaired. If the posted object has no
 * text in its field `content`, readable lines of all its fields become the text. These lines show each number as the
 * agent wrote it. In the stored fields, a number that JavaScript cannot hold becomes a string of its digits.
 * @param posted the posted text or JSON object. A `WrittenNumber` stands for a number that JavaScript would write in
 * another way.
 */
export function toAgentContent(posted: string | object): MessageContent {
  const repaired = repairJson(posted)
  if (typeof repaired === 'string') return { content: repaired }
  const plainObject = replaceWrittenNumbers(repaired) as Record<string, unknown>
  const { content, ...otherFields } = plainObject
  // A number of very many digits is a string in `plainObject`, although the agent posted a number and no text.
  const isContentNumber = 'content' in repaired && repaired.content instanceof WrittenNumber
  if (typeof content === 'string' && !isContentNumber) return { ...plainObject, content }
  // The readable lines become `content`. A posted `content` that is not a text moves to another field.
  const movedField = content === undefined ? {} : { [chooseFreeName(otherFields)]: content }
  return { ...otherFields, ...movedField, content: composeText(repaired) }
}

/** Returns the name for a moved `content`: `original_content`, or `original_content_2` and so on if that is taken. */
function chooseFreeName(fields: object): string {
  const baseName = 'original_content'
  for (let suffix = 1; ; suffix += 1) {
    const candidate = suffix === 1 ? baseName : `${baseName}_${suffix}`
    if (!Object.hasOwn(fields, candidate)) return candidate
  }
}

/**
 * Limits the length of the joined lines, in UTF-16 code units and without the note of a cut. The limit is necessary,
 * because indents can make the lines many times as long as the posted content.
 */
export const MAX_COMPOSED_CHARACTERS = 512 * 1024

interface ComposedLines {
  lines: string[]
  /** Says how many characters the next lines may have, with their line breaks. */
  charactersLeft: number
  /** Is true once a line was cut or left out. No further line is then added. */
  isCut: boolean
}

/**
 * Returns one line `name: value` for each field, indented by its depth. A text that is too long is cut, and a note that
 * says so is added to its end.
 */
export function composeText(value: object): string {
  const composed: ComposedLines = { lines: [], charactersLeft: MAX_COMPOSED_CHARACTERS, isCut: false }
  addEntries(composed, value, '')
  return composed.lines.join('\n') + (composed.isCut ? `\n\n${COMPOSED_CUT_NOTE}` : '')
}

function addEntries(composed: ComposedLines, value: object, indent: string): void {
  for (const [name, inner] of listEntries(value)) {
    if (composed.isCut) return
    const label = name === undefined ? '-' : `${name.replace(/[\r\n]/g, ' ')}:`
    const indentedLabel = indent + label
    const innerIndent = `${indent}  `
    if (isLeaf(inner)) addLines(composed, `${indentedLabel} ${toLeafText(inner)}`, innerIndent)
    else if (listEntries(inner).length === 0) {
      addLines(composed, `${indentedLabel} ${Array.isArray(inner) ? '[]' : '{}'}`, innerIndent)
    } else {
      addLines(composed, indentedLabel, innerIndent)
      addEntries(composed, inner, innerIndent)
    }
  }
}

/** Adds the lines of a text. The first line of `text` has its indent already. The other lines get `innerIndent`. */
function addLines(composed: ComposedLines, text: string, innerIndent: string): void {
  for (const [index, line] of text.split('\n').entries()) {
    const indentedLine = index === 0 ? line : innerIndent + line
    if (composed.isCut) return
    const lineBreakLength = composed.lines.length === 0 ? 0 : 1
    const charactersLeft = composed.charactersLeft - lineBreakLength
    composed.isCut = indentedLine.length > charactersLeft
    composed.charactersLeft = charactersLeft - indentedLine.length
    if (!composed.isCut) composed.lines.push(indentedLine)
    else if (charactersLeft > 0) composed.lines.push(cutText(indentedLine, charactersLeft))
  }
}

/** Returns the beginning of a text. A surrogate pair that the cut would divide is left out as a whole. */
const cutText = (text: string, maxCharacters: number): string =>
  text.slice(0, maxCharacters).replace(/[\uD800-\uDBFF]$/, '')

/** Lists the entries of an object or an array as pairs of name and value. The name of an array's entry is undefined. */
const listEntries = (value: object): Array<readonly [string | undefined, unknown]> =>
  Array.isArray(value) ? value.map((item: unknown) => [undefined, item] as const) : Object.entries(value)

const isLeaf = (value: unknown): value is string | number | boolean | null | undefined | WrittenNumber =>
  value === null || typeof value !== 'object' || value instanceof WrittenNumber

/** Returns the text of a value that has no fields. A string may have several lines. */
function toLeafText(value: unknown): string {
  return value instanceof WrittenNumber ? value.source : String(value)
}
