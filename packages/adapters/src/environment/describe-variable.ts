import type { TSchema } from 'typebox'
import type { Variable, VariableNotes } from './variable-types.ts'

/** Types a variable's schema with its notes and with the JSON Schema keywords that this folder reads. */
export type Described = TSchema &
  VariableNotes & {
    type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
    enum?: string[]
    default?: unknown
    minimum?: number
    maximum?: number
    minLength?: number
  }

/** @throws Error when a variable lacks its notes, which is a mistake in the table */
export function describe({ name, schema }: Variable): Described {
  if (!hasNotes(schema)) throw new Error(`${name} has no description or no example`)
  return schema
}

const hasNotes = (schema: TSchema): schema is Described => 'description' in schema && 'example' in schema

/** Describes in words which values are accepted. */
export function describeExpected(described: Described): string {
  if (described.expected) return described.expected
  if (described.enum) return `one of ${described.enum.join(', ')}`
  if (described.type === 'boolean') return 'true or false'
  if (described.type === 'integer' || described.type === 'number') return describeNumber(described)
  const { minLength } = described
  return minLength ? `at least ${minLength} character${minLength > 1 ? 's' : ''}` : 'a text'
}

function describeNumber({ type, minimum, maximum, unit }: Described): string {
  const expectedNumber = `${type === 'integer' ? 'a whole number' : 'a number'}${unit ? ` (${unit})` : ''}`
  if (minimum !== undefined && maximum !== undefined) return `${expectedNumber} from ${minimum} to ${maximum}`
  return minimum === undefined ? expectedNumber : `${expectedNumber}, at least ${minimum}`
}

/** Formats the value as the environment would hold it. */
export function toText(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
