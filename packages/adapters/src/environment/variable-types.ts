import { BLOCKED_PORTS } from '@engineer-chat/process/blocked-ports'
import { type Static, type TSchema, Type } from 'typebox'

/**
 * Holds what a variable's schema says in addition to its type, limits and default: the texts for docs/configuration.md
 * and for errors, and how the value is read.
 */
export type VariableAnnotations = {
  description: string
  example: string
  unit?: string
  /** Completes "expected …" in words if the schema's own keywords are not enough. */
  expected?: string
  /** The value is shown nowhere, and `NAME_FILE` may name a file that holds it. */
  secret?: true
  /** The environment names a PEM file, and the configuration holds its certificates. */
  certificates?: true
}

/** Describes one environment variable: its name, and the values that it may have. */
export interface Variable<S extends TSchema = TSchema, O extends boolean = boolean> {
  name: string
  schema: S
  isOptional: O
  /** The number in the environment is multiplied by this factor, for example to convert seconds to milliseconds. */
  factor: number
  /** The variable may also have this lower-case name, as in other software. If both are set, this one is read. */
  lowerCaseName?: string
}

/** Derives the type that the configuration holds for a variable. */
export type VariableValue<V> =
  V extends Variable<infer S, infer O> ? (O extends true ? Static<S> | undefined : Static<S>) : never

/** Maps the properties of one part of the configuration to variables, under one heading of docs/configuration.md. */
export interface Section<V extends Record<string, Variable> = Record<string, Variable>> {
  heading: string
  variables: V
}

export const createSection = <V extends Record<string, Variable>>(heading: string, variables: V): Section<V> => ({
  heading,
  variables,
})

const createVariable = <S extends TSchema>(name: string, schema: S): Variable<S, false> => ({
  name,
  schema,
  isOptional: false,
  factor: 1,
})

export const optional = <S extends TSchema>(variable: Variable<S>, lowerCaseName?: string): Variable<S, true> => ({
  ...variable,
  isOptional: true,
  ...(lowerCaseName !== undefined && { lowerCaseName }),
})

/** Converts a variable that is given in seconds: the configuration holds milliseconds. */
export const secondsToMs = <S extends TSchema, O extends boolean>(variable: Variable<S, O>): Variable<S, O> => ({
  ...variable,
  factor: 1_000,
})

// Like TypeBox's builders, these functions have the names of the types of variables that they create.

export const TextValue = (
  name: string,
  annotations: VariableAnnotations & { default?: string; minLength?: number; pattern?: string },
) => createVariable(name, Type.String(annotations))
/** Creates a variable for a whole number. */
export const WholeNumber = (
  name: string,
  annotations: VariableAnnotations & { default?: number; minimum: number; maximum?: number },
) => createVariable(name, Type.Integer(annotations))
/** Creates a variable for a port that browsers accept, because browsers, proxies and Prometheus use it by HTTP. */
export const Port = (name: string, annotations: VariableAnnotations & { default: number }) =>
  createVariable(
    name,
    Type.Integer({
      expected:
        'a whole number from 0 to 65535, and none that browsers refuse, as 6000 or 6667 (the “bad ports” of fetch)',
      ...annotations,
      minimum: 0,
      maximum: 65_535,
      not: { enum: BLOCKED_PORTS },
    }),
  )
/** Creates a variable for a number that need not be whole. */
export const DecimalNumber = (
  name: string,
  annotations: VariableAnnotations & { default?: number; minimum: number; maximum?: number },
) => createVariable(name, Type.Number(annotations))
export const Switch = (name: string, annotations: VariableAnnotations & { default: boolean }) =>
  createVariable(name, Type.Boolean(annotations))
export const Choice = <T extends string>(
  name: string,
  values: T[],
  annotations: VariableAnnotations & { default: NoInfer<T> },
) => createVariable(name, Type.Enum(values, annotations))
/** Creates a variable that names a PEM file. The configuration holds the certificates of that file. */
export const Certificates = (name: string, annotations: VariableAnnotations) =>
  optional(createVariable(name, Type.String({ ...annotations, certificates: true })))
/** Creates a variable that takes any texts, separated by commas. */
export const TextList = (
  name: string,
  { minLength = 1, ...annotations }: VariableAnnotations & { default: string[]; minLength?: number },
) => createVariable(name, Type.Array(Type.String({ minLength }), annotations))
/** Creates a variable that takes several of these values, separated by commas. */
export const Choices = <T extends string>(
  name: string,
  values: readonly T[],
  annotations: VariableAnnotations & { default: NoInfer<T>[] },
) =>
  createVariable(name, Type.Array(Type.Enum([...values]), { expected: `some of ${values.join(', ')}`, ...annotations }))
export const JsonObject = (name: string, annotations: VariableAnnotations) =>
  createVariable(name, Type.Record(Type.String(), Type.Unknown(), annotations))

/** Creates an optional variable for a budget of tokens. */
export const TokenBudget = (name: string, annotations: VariableAnnotations) =>
  optional(createVariable(name, Type.Integer({ ...annotations, unit: 'tokens', minimum: 1 })))
/** Creates an optional variable for a budget of money. */
export const MoneyBudget = (name: string, annotations: VariableAnnotations) =>
  optional(DecimalNumber(name, { ...annotations, unit: 'in the currency of the models file', minimum: 0.000001 }))
