import type { TSchema } from 'typebox'
import type { Variable, VariableNotes } from './variable-types.ts'

/** Describes a variable's schema: its notes, and the keywords of JSON Schema that this folder reads. */
export type VariableSchema = TSchema &
  VariableNotes & {
    type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
    enum?: string[]
    default?: unknown
    minimum?: number
    maximum?: number
    minLength?: number
  }

/** @throws Error if the table has a variable without notes */
export function getVariableSchema({ name, schema }: Variable): VariableSchema {
  if (!hasNotes(schema)) throw new Error(`${name} has no description or no example`)
  return schema
}

const hasNotes = (schema: TSchema): schema is VariableSchema => 'description' in schema && 'example' in schema

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
