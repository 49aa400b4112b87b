import { isUtf8 } from 'node:buffer'
import { ChatError } from '@engineer-chat/chat'
import type { Api } from '../deps.ts'

/** Objects and lists inside one another, the body itself included. What agents post has five or six. */
const MAX_DEPTH = 9

/** JSON in UTF-8 and nothing else; `__proto__` and `constructor.prototype` are refused. An empty body is none. */
export function readJsonBodies(app: Api): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (bytes.length === 0) return done(null, undefined)
    // Decoding would repair it, and what is stored has to be what was typed.
    if (!isUtf8(bytes)) return done(new ChatError('validation_failed', 'The body is not valid UTF-8.'))
    return parse(request, bytes.toString(), (error, body: unknown) => {
      if (error) return done(error)
      if (isDeeper(body, MAX_DEPTH)) return done(new ChatError('validation_failed', 'The body is nested too deeply.'))
      return done(null, body)
    })
  })
}

function isDeeper(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}
