import { createRefusalError, createUnofferedToolError, createUnreadablePartError } from './llm-errors.ts'
import { isFilledText, isObject, type JsonObject } from './parse-json.ts'

/** Holds a content part of an answer, which is what OpenAI's and Anthropic's protocols call it. */
export interface ContentPart {
  type: 'text' | 'reasoning'
  text: string
}

/** No provider nests the parts of an answer deeper than this. */
const MAX_DEPTH = 4
/** Parts of these types are not text of the answer, such as Mistral's references. */
const IGNORED_TYPES = ['reference', 'citation', 'citations', 'annotations', 'document_url']
const REASONING_TYPES = ['thinking', 'reasoning', 'reasoning_content', 'reasoning_text', 'summary_text', 'thought']
const TOOL_TYPES = ['tool_use', 'tool_call', 'tool_calls', 'function', 'function_call']

/** Reads `content`, which is a text, a part, or a list of them. @throws LlmError for an unknown part */
export function toContentParts(content: unknown, depth = 0): ContentPart[] {
  if (content === null || content === undefined || content === '') return []
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (!isObject(content) || depth > MAX_DEPTH) throw createUnreadablePartError()
  if (Array.isArray(content)) return content.flatMap((part) => toContentParts(part, depth + 1))
  const { type } = content
  if (type === 'refusal' || isFilledText(content.refusal)) throw createRefusalError()
  if (typeof type === 'string' && TOOL_TYPES.includes(type)) throw createUnofferedToolError()
  if (typeof type === 'string' && IGNORED_TYPES.includes(type)) return []
  if (typeof type === 'string' && REASONING_TYPES.includes(type)) return toReasoningParts(findThought(content), depth)
  const isText = type === undefined || type === 'text' || type === 'output_text'
  if (isText && 'text' in content) return toContentParts(content.text, depth + 1)
  throw createUnreadablePartError(type)
}

/** Reads a model's thinking, which also comes as a text or as a list of parts. @throws LlmError */
export const toReasoningParts = (thought: unknown, depth = 0): ContentPart[] =>
  toContentParts(thought, depth + 1).map(({ text }) => ({ type: 'reasoning', text }))

const findThought = ({ thinking, reasoning, text, content, summary }: JsonObject): unknown =>
  [thinking, reasoning, text, content, summary].find(hasContent)

const hasContent = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

/** Returns the first value that is not empty, because some servers fill two fields with the same text. */
export const findFirstFilled = (...values: unknown[]): unknown => values.find(hasContent)

/** Returns true if a message calls a tool. The chunks of some servers contain empty lists and empty calls. */
export function callsTool({ tool_calls, function_call }: JsonObject): boolean {
  const calls: unknown[] = [...(Array.isArray(tool_calls) ? tool_calls : [tool_calls]), function_call]
  return calls.some((call) => isObject(call) && [call, call.function, call.custom].some(hasNameOrInput))
}

const hasNameOrInput = (call: unknown): boolean =>
  isObject(call) && [call.name, call.arguments, call.input].some(hasContent)
