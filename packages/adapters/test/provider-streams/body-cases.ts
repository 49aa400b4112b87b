import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import {
  anthropic,
  CHAT,
  CUT,
  chunk,
  DONE,
  EVENT_STREAM,
  ended,
  event,
  failure,
  JSON_TYPE,
  openai,
  REFUSED,
  said,
  TEXT,
  UNAVAILABLE,
} from './build.ts'
import type { StreamCase } from './case.ts'

const answered = {
  object: 'chat.completion',
  model: 'm',
  choices: [{ message: { content: TEXT }, finish_reason: 'stop' }],
}
const coded = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const
const stream = said(TEXT) + ended()

export const bodyCases: StreamCase[] = [
  ...coded.flatMap(([coding, code], at) => {
    const headers = { ...EVENT_STREAM, 'content-encoding': coding }
    const bytes = code(Buffer.from(stream))
    const halves = [bytes.subarray(0, 20), bytes.subarray(20)].map((half) => ({ base64: half.toString('base64') }))
    return [
      openai(`coded ${at} ${coding}`, halves, CHAT, headers),
      openai(`coded ${at} ${coding}, cut`, [...halves.slice(0, 1), { cut: true }], CUT, headers),
    ]
  }),
  openai('coded twice', [{ base64: brotliCompressSync(gzipSync(stream)).toString('base64') }], CHAT, {
    ...EVENT_STREAM,
    ...{ 'content-encoding': 'gzip, br' },
  }),
  openai('coded in an unknown way', [stream], failure('llm_unavailable', 1), {
    ...EVENT_STREAM,
    ...{ 'content-encoding': 'x' },
  }),
  openai('coded in none', [stream], CHAT, { ...EVENT_STREAM, ...{ 'content-encoding': 'identity' } }),
  openai('a JSON answer in the type of a stream', [JSON.stringify(answered)], CHAT),
  openai('a stream in the type of JSON', [stream], CHAT, JSON_TYPE),
  openai('a stream in the type of a page', [stream], CHAT, { 'content-type': 'text/html' }),
  openai(
    'a JSON answer in halves',
    [JSON.stringify(answered, null, 2).slice(0, 60), JSON.stringify(answered, null, 2).slice(60)],
    CHAT,
  ),
  openai('half a JSON answer', [JSON.stringify(answered).slice(0, 60)], CUT, JSON_TYPE),
  openai(
    'a JSON answer without an end',
    [JSON.stringify({ choices: [{ message: { content: TEXT } }] })],
    CUT,
    JSON_TYPE,
  ),
  openai(
    'a JSON answer that thinks',
    [JSON.stringify(answered).replace(TEXT, `<think>Hm.</think>${TEXT}`)],
    CHAT,
    JSON_TYPE,
  ),
  openai('nothing', [], CUT),
  openai('a page without a type', ['\n<!doctype html><title>UPSTREAM</title>'], UNAVAILABLE, {
    'content-type': 'text/event-stream',
  }),
]

const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'UPSTREAM' } }

export const errorCases: StreamCase[] = [
  ...[JSON_TYPE, EVENT_STREAM].map((headers) =>
    openai(
      `an error of ${headers['content-type']}`,
      [JSON.stringify({ error: { message: 'UPSTREAM', type: 'rate_limit_error', code: 'rate_limit_exceeded' } })],
      failure('llm_rate_limited', 2),
      headers,
    ),
  ),
  ...['rate_limit_reached_error', 'tokens_rate_limit_exceeded', 'Throttling.User', 'exceeded_current_quota_error'].map(
    (type) =>
      openai(
        `an error of the type ${type}`,
        [JSON.stringify({ error: { message: 'UPSTREAM', type } })],
        failure('llm_rate_limited', 2),
        JSON_TYPE,
      ),
  ),
  openai(
    'a status as a text',
    [said('Isol') + event({ error: { code: '429', message: 'UPSTREAM' } })],
    failure('llm_rate_limited', 2),
  ),
  ...[{ error: 429 }, { code: 429, message: 'UPSTREAM' }, { status: 429, message: 'UPSTREAM' }].map((body) =>
    openai(`a bare ${JSON.stringify(body)}`, [JSON.stringify(body)], failure('llm_rate_limited', 2), JSON_TYPE),
  ),
  openai(
    'an error in a list',
    [JSON.stringify([{ error: { status: 'RESOURCE_EXHAUSTED' } }])],
    failure('llm_rate_limited', 2),
  ),
  openai(
    'a named event',
    [said('Isol') + event({ message: 'UPSTREAM', code: 'Throttling.RateQuota' }, 'error')],
    failure('llm_rate_limited', 2),
  ),
  openai('the key', [event({ error: { code: 'invalid_api_key' } })], failure('llm_unauthorized', 1)),
  openai('the context', [event({ error: { code: 'context_length_exceeded' } })], REFUSED),
  openai('a filter', [event({ error: { code: 'data_inspection_failed' } })], REFUSED),
  openai('a text', [JSON.stringify({ error: 'UPSTREAM text' })], UNAVAILABLE, JSON_TYPE),
  openai('no error', [chunk({ content: TEXT }, null, { error: null }) + chunk({}, 'stop', { error: '' }) + DONE], CHAT),
  openai('what is no completion', [JSON.stringify({ detail: 'UPSTREAM' })], CUT, JSON_TYPE),
  anthropic('overloaded JSON', [JSON.stringify(overloaded)], UNAVAILABLE, JSON_TYPE),
]
