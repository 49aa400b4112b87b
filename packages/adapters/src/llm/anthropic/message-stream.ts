import type { Usage } from '@engineer-chat/protocol'
import { type AnswerReader, createBodyReader } from '../body-reader.ts'
import { type FinishReason, mergeFinishReasons, STOP_REASONS, toFinishReason } from '../ends.ts'
import { findError } from '../error-body.ts'
import { createNoFinishReasonError, createUnofferedToolError, createUnreadablePartError } from '../llm-errors.ts'
import { isCount, isFilledText, isObject, type JsonObject } from '../parse-json.ts'
import { type ContentPart, toContentParts, toReasoningParts } from '../parts.ts'
import type { StreamReader } from '../provider-stream.ts'
import { createThinkTagParser, type PartBeforeFinish, type ThinkTagParser } from '../think-tags.ts'

/**
 * Reads the typed events of a streamed message, which is complete with `message_stop`. An event of an unknown type is
 * ignored, as the protocol asks for. A block or a delta of an unknown type fails, because a part of the answer would be
 * missing.
 */
export const createMessageStream = (requestedModel: string): StreamReader =>
  createBodyReader(createMessageReader(requestedModel))

function createMessageReader(requestedModel: string): AnswerReader {
  const tagParser = createThinkTagParser()
  const tokenCounter = createTokenCounter()
  let model = requestedModel
  let reason: FinishReason | undefined
  let isStopped = false

  function readMessageStart({ message }: JsonObject): void {
    if (!isObject(message)) return
    if (isFilledText(message.model)) model = message.model
    tokenCounter.update(message.usage)
  }

  function readMessageDelta({ delta, usage }: JsonObject): void {
    tokenCounter.update(usage)
    if (isObject(delta)) reason = mergeFinishReasons(reason, toFinishReason(delta.stop_reason, STOP_REASONS))
  }

  return {
    *readChunk(data, eventName) {
      const failure = findError(data, eventName)
      if (failure) throw failure
      const type = typeof data.type === 'string' ? data.type : eventName
      if (type === 'message_start') readMessageStart(data)
      else if (type === 'content_block_start') yield* readParts(tagParser, toBlockParts(data.content_block))
      else if (type === 'content_block_delta') yield* readParts(tagParser, toDeltaParts(data.delta))
      else if (type === 'message_delta') readMessageDelta(data)
      else if (type === 'message_stop') isStopped = true
    },
    *readWholeAnswer(data) {
      const failure = findError(data)
      if (failure) throw failure
      readMessageStart({ message: data })
      if (Array.isArray(data.content))
        for (const block of data.content) yield* readParts(tagParser, toBlockParts(block))
      readMessageDelta({ delta: data })
      isStopped = true
    },
    flush: () => tagParser.end(),
    markDone() {
      isStopped = true // A server may send OpenAI's `[DONE]` in place of `message_stop`.
    },
    // `message_stop` is the last event, and nothing useful follows it, so this value and `isComplete` are the same.
    get hasReadLastEvent() {
      return isStopped
    },
    get hasFinishReason() {
      return reason !== undefined
    },
    get isComplete() {
      return isStopped
    },
    finish() {
      if (reason === undefined) throw createNoFinishReasonError()
      return { type: 'finish', reason, usage: tokenCounter.usage(), model }
    },
  }
}

function* readParts(tagParser: ThinkTagParser, parts: ContentPart[]): Generator<PartBeforeFinish> {
  for (const part of parts) {
    if (part.type === 'text') yield* tagParser.push(part.text)
    else yield part
  }
}

/** These blocks are not part of the answer's text, for example those of a tool that the provider itself runs. */
const SKIPPED_BLOCK = /^(?:redacted_thinking|compaction|container_upload|(?:server|mcp)_tool_use|\w*tool_result)$/
const SKIPPED_DELTAS = ['signature_delta', 'input_json_delta', 'citations_delta', 'compaction_delta']

/** A block usually begins empty, but sometimes it begins with text. */
function toBlockParts(block: unknown): ContentPart[] {
  if (!isObject(block)) return []
  const { type } = block
  if (type === 'tool_use') throw createUnofferedToolError()
  if (typeof type === 'string' && SKIPPED_BLOCK.test(type)) return []
  if (type === 'thinking') return toReasoningParts(block.thinking)
  if (type === 'text') return toContentParts(block.text)
  throw createUnreadablePartError(type)
}

function toDeltaParts(delta: unknown): ContentPart[] {
  if (!isObject(delta)) return []
  const { type } = delta
  if (typeof type === 'string' && SKIPPED_DELTAS.includes(type)) return []
  if (type === 'thinking_delta') return toReasoningParts(delta.thinking)
  if (type === 'text_delta') return toContentParts(delta.text)
  throw createUnreadablePartError(type)
}

/**
 * Tokens that were read from a cache or written to it are part of the prompt, but the provider counts them
 * separately.
 */
function createTokenCounter() {
  let prompt: number | undefined
  let completion: number | undefined
  return {
    /** The provider's counts are cumulative, so a later count replaces the earlier one. */
    update(usage: unknown): void {
      if (!isObject(usage)) return
      const { input_tokens, output_tokens, cache_creation_input_tokens: written, cache_read_input_tokens: read } = usage
      if (isCount(input_tokens)) prompt = input_tokens + (isCount(written) ? written : 0) + (isCount(read) ? read : 0)
      if (isCount(output_tokens)) completion = output_tokens
    },
    usage: (): Usage | null =>
      prompt === undefined || completion === undefined
        ? null
        : { prompt_tokens: prompt, completion_tokens: completion },
  }
}
