import type { TSchema } from 'typebox'
import type { Notes } from './kinds.ts'

/** A variable's schema as its JSON shows it. */
export type Variable = TSchema &
  Notes & {
    type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
    enum?: string[]
    default?: unknown
    minimum?: number
    maximum?: number
    minLength?: number
  }

/** What is expected, in words. */
export function expectedOf(variable: Variable): string {
  if (variable.expected) return variable.expected
  if (variable.enum) return `one of ${variable.enum.join(', ')}`
  if (variable.type === 'boolean') return 'true or false'
  if (variable.type === 'integer' || variable.type === 'number') return numberOf(variable)
  return variable.minLength ? `at least ${variable.minLength} character${variable.minLength > 1 ? 's' : ''}` : 'a text'
}

function numberOf({ type, minimum, maximum, unit }: Variable): string {
  const what = `${type === 'integer' ? 'a whole number' : 'a number'}${unit ? ` (${unit})` : ''}`
  if (minimum !== undefined && maximum !== undefined) return `${what} from ${minimum} to ${maximum}`
  return minimum === undefined ? what : `${what}, at least ${minimum}`
}

/** As it would stand in the environment. */
export function asText(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
