import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import {
  CHAT,
  CUT,
  createAnthropicCase,
  createChunk,
  createEnd,
  createEvent,
  createFailure,
  createOpenAiCase,
  createTextChunk,
  DONE,
  EVENT_STREAM,
  JSON_TYPE,
  REFUSED,
  TEXT,
  UNAVAILABLE,
} from './build.ts'
import type { StreamCase } from './case.ts'

const completion = {
  object: 'chat.completion',
  model: 'm',
  choices: [{ message: { content: TEXT }, finish_reason: 'stop' }],
}
const encodings = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const
const stream = createTextChunk(TEXT) + createEnd()

export const bodyCases: StreamCase[] = [
  ...encodings.flatMap(([name, encode], index) => {
    const headers = { ...EVENT_STREAM, 'content-encoding': name }
    const bytes = encode(Buffer.from(stream))
    const halves = [bytes.subarray(0, 20), bytes.subarray(20)].map((half) => ({ base64: half.toString('base64') }))
    return [
      createOpenAiCase(`encoded ${index} ${name}`, halves, CHAT, headers),
      createOpenAiCase(`encoded ${index} ${name}, cut`, [...halves.slice(0, 1), { cut: true }], CUT, headers),
    ]
  }),
  createOpenAiCase('encoded twice', [{ base64: brotliCompressSync(gzipSync(stream)).toString('base64') }], CHAT, {
    ...EVENT_STREAM,
    'content-encoding': 'gzip, br',
  }),
  createOpenAiCase('encoded in an unknown way', [stream], createFailure('llm_unavailable', 1), {
    ...EVENT_STREAM,
    'content-encoding': 'x',
  }),
  createOpenAiCase('encoded as identity', [stream], CHAT, { ...EVENT_STREAM, 'content-encoding': 'identity' }),
  createOpenAiCase('a JSON answer in the type of a stream', [JSON.stringify(completion)], CHAT),
  createOpenAiCase('a stream in the type of JSON', [stream], CHAT, JSON_TYPE),
  createOpenAiCase('a stream in the type of a page', [stream], CHAT, { 'content-type': 'text/html' }),
  createOpenAiCase(
    'a JSON answer in halves',
    [JSON.stringify(completion, null, 2).slice(0, 60), JSON.stringify(completion, null, 2).slice(60)],
    CHAT,
  ),
  createOpenAiCase('half a JSON answer', [JSON.stringify(completion).slice(0, 60)], CUT, JSON_TYPE),
  createOpenAiCase(
    'a JSON answer without an end',
    [JSON.stringify({ choices: [{ message: { content: TEXT } }] })],
    CUT,
    JSON_TYPE,
  ),
  createOpenAiCase(
    'a JSON answer that thinks',
    [JSON.stringify(completion).replace(TEXT, `<think>Hm.</think>${TEXT}`)],
    CHAT,
    JSON_TYPE,
  ),
  createOpenAiCase('nothing', [], CUT),
  createOpenAiCase('a page in the type of a stream', ['\n<!doctype html><title>UPSTREAM</title>'], UNAVAILABLE, {
    'content-type': 'text/event-stream',
  }),
]

const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'UPSTREAM' } }

export const errorCases: StreamCase[] = [
  ...[JSON_TYPE, EVENT_STREAM].map((headers) =>
    createOpenAiCase(
      `an error of ${headers['content-type']}`,
      [JSON.stringify({ error: { message: 'UPSTREAM', type: 'rate_limit_error', code: 'rate_limit_exceeded' } })],
      createFailure('llm_rate_limited', 1),
      headers,
    ),
  ),
  ...['rate_limit_reached_error', 'tokens_rate_limit_exceeded', 'Throttling.User'].map((type) =>
    createOpenAiCase(
      `an error of the type ${type}`,
      [JSON.stringify({ error: { message: 'UPSTREAM', type } })],
      createFailure('llm_rate_limited', 1),
      JSON_TYPE,
    ),
  ),
  createOpenAiCase(
    'a used-up quota, which is a failure and not busy',
    [JSON.stringify({ error: { message: 'UPSTREAM', type: 'exceeded_current_quota_error' } })],
    createFailure('llm_unauthorized', 1),
    JSON_TYPE,
  ),
  ...['1113', 1113, 'ARREARAGE'].map((code) =>
    createOpenAiCase(
      `an account without credit: ${code} as a ${typeof code}`,
      [JSON.stringify({ error: { message: 'UPSTREAM', code } })],
      createFailure('llm_unauthorized', 1),
      JSON_TYPE,
    ),
  ),
  createOpenAiCase(
    'an error whose status is a text',
    [createTextChunk('Isol') + createEvent({ error: { code: '429', message: 'UPSTREAM' } })],
    createFailure('llm_rate_limited', 2),
  ),
  ...[{ error: 429 }, { code: 429, message: 'UPSTREAM' }, { status: 429, message: 'UPSTREAM' }].map((body) =>
    createOpenAiCase(
      `a bare ${JSON.stringify(body)}`,
      [JSON.stringify(body)],
      createFailure('llm_rate_limited', 1),
      JSON_TYPE,
    ),
  ),
  createOpenAiCase(
    'an error in a list',
    [JSON.stringify([{ error: { status: 'RESOURCE_EXHAUSTED' } }])],
    createFailure('llm_rate_limited', 1),
  ),
  createOpenAiCase(
    'an error as an event with a name',
    [createTextChunk('Isol') + createEvent({ message: 'UPSTREAM', code: 'Throttling.RateQuota' }, 'error')],
    createFailure('llm_rate_limited', 2),
  ),
  createOpenAiCase(
    'an error: the key is wrong',
    [createEvent({ error: { code: 'invalid_api_key' } })],
    createFailure('llm_unauthorized', 1),
  ),
  createOpenAiCase(
    'an error: the prompt is too long',
    [createEvent({ error: { code: 'context_length_exceeded' } })],
    REFUSED,
  ),
  createOpenAiCase(
    'an error of a content filter',
    [createEvent({ error: { code: 'data_inspection_failed' } })],
    REFUSED,
  ),
  createOpenAiCase(
    'an error that is only a text',
    [JSON.stringify({ error: 'UPSTREAM text' })],
    UNAVAILABLE,
    JSON_TYPE,
  ),
  createOpenAiCase(
    'fields for errors that name none',
    [createChunk({ content: TEXT }, null, { error: null }) + createChunk({}, 'stop', { error: '' }) + DONE],
    CHAT,
  ),
  createOpenAiCase('a body that is not a completion', [JSON.stringify({ detail: 'UPSTREAM' })], CUT, JSON_TYPE),
  createAnthropicCase('overloaded JSON', [JSON.stringify(overloaded)], UNAVAILABLE, JSON_TYPE),
]
