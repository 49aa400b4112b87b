import { Type } from 'typebox'

/** What the reference and the error texts need to know of a variable, beside its type, limits and default. */
export type Notes = {
  description: string
  example: string
  unit?: string
  /** In words, where the schema's own keywords would say too little: "expected …". */
  expected?: string
  /** Its value is shown nowhere. */
  secret?: true
}

export const Text = (options: Notes & { default?: string; minLength?: number; pattern?: string }) =>
  Type.String(options)
export const Whole = (options: Notes & { default: number; minimum: number; maximum?: number }) => Type.Integer(options)
export const Switch = (options: Notes & { default: boolean }) => Type.Boolean(options)
export const List = ({ minLength = 1, ...options }: Notes & { default: string[]; minLength?: number }) =>
  Type.Array(Type.String({ minLength }), options)
