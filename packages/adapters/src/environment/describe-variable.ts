import type { TSchema } from 'typebox'
import type { Variable, VariableAnnotations } from './variable-types.ts'

/** Describes a variable's schema: its annotations, and the keywords of JSON Schema that are read from it. */
export type VariableSchema = TSchema &
  VariableAnnotations & {
    type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
    enum?: string[]
    default?: unknown
    minimum?: number
    maximum?: number
    minLength?: number
  }

/** @throws Error if the variable has no description or no example */
export function getVariableSchema({ name, schema }: Variable): VariableSchema {
  if (!hasDescriptionAndExample(schema)) throw new Error(`${name} has no description or no example`)
  return schema
}

const hasDescriptionAndExample = (schema: TSchema): schema is VariableSchema =>
  'description' in schema && 'example' in schema

/** Describes in words which values are accepted. */
export function describeExpected(schema: VariableSchema): string {
  if (schema.expected) return schema.expected
  if (schema.enum) return `one of ${schema.enum.join(', ')}`
  if (schema.type === 'boolean') return 'true or false'
  if (schema.type === 'integer' || schema.type === 'number') return describeNumber(schema)
  const { minLength } = schema
  return minLength ? `at least ${minLength} character${minLength > 1 ? 's' : ''}` : 'a text'
}

function describeNumber({ type, minimum, maximum, unit }: VariableSchema): string {
  const expectedNumber = `${type === 'integer' ? 'a whole number' : 'a number'}${unit ? ` (${unit})` : ''}`
  if (minimum !== undefined && maximum !== undefined) return `${expectedNumber} from ${minimum} to ${maximum}`
  return minimum === undefined ? expectedNumber : `${expectedNumber}, at least ${minimum}`
}

/** Formats a value as a person writes it into the environment. */
export function toText(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
