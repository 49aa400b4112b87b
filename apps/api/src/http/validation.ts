import { ChatError } from '@engineer-chat/chat/shared'
import type { FastifySchemaCompiler } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'

const MAX_ERRORS = 10

/**
 * Checks values and does not convert them, except in query strings. The values of a query string are text, so digits
 * become a number if the schema has an integer. Parameters that the schema does not name are left out. A schema is
 * compiled by its first request, because a node that compiles all of them starts more slowly.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  let compiled: Validator | undefined
  return (input: unknown) => {
    compiled ??= Compile(schema)
    const value = httpPart === 'querystring' ? parseQuery(schema, input) : input
    if (compiled.Check(value)) return { value }
    return { error: new ChatError('validation_failed', undefined, { errors: toErrors(compiled.Errors(value)) }) }
  }
}

function parseQuery(schema: TSchema, query: unknown): unknown {
  if (!Type.IsObject(schema)) return query
  const { properties } = schema
  const parseValue = (name: string, value: unknown) =>
    Type.IsInteger(properties[name]) && typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  const known = Object.entries(query ?? {}).filter(([name]) => Object.hasOwn(properties, name))
  return Object.fromEntries(known.map(([name, value]) => [name, parseValue(name, value)]))
}

/** Returns only the first message for each JSON pointer. The other messages come from other branches of a union. */
function toErrors(errors: TLocalizedValidationError[]): Array<{ path: string; message: string }> {
  const messages = new Map<string, string>()
  for (const { path, message } of errors.flatMap(toErrorLines)) if (!messages.has(path)) messages.set(path, message)
  return [...messages].slice(0, MAX_ERRORS).map(([path, message]) => ({ path, message }))
}

function toErrorLines({ keyword, instancePath, params, message }: TLocalizedValidationError) {
  if (keyword === 'required' && 'requiredProperties' in params) {
    return params.requiredProperties.map((name: string) => ({
      path: `${instancePath}/${name}`,
      message: 'is required',
    }))
  }
  return [{ path: instancePath, message }]
}
