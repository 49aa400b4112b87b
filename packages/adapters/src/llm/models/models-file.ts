import { readFile } from 'node:fs/promises'
import { Severity } from '@engineer-chat/protocol'
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'

/** A models file may name the offline analyst by this id without describing it. */
export const OFFLINE_MODEL_ID = 'offline'

const strict = { additionalProperties: false }
const Id = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$' })
const Texts = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })
const Seconds = Type.Integer({ minimum: 1, maximum: 3_600 })
const Calls = Type.Integer({ minimum: 1, maximum: 1_000_000 })
const Tokens = Type.Integer({ minimum: 1 })
const Price = Type.Number({ minimum: 0 })

const Provider = Type.Enum(['openai-compatible', 'anthropic', 'offline'])
export type Provider = Static<typeof Provider>

const ModelInFile = Type.Object(
  {
    id: Id,
    provider: Provider,
    endpoint: Type.Optional(Type.String({ pattern: '^https?://\\S+$' })),
    api_key_env: Type.Optional(Type.String({ pattern: '^[A-Z_][A-Z0-9_]{0,63}$' })),
    model: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    context_window: Type.Optional(Tokens),
    prices: Type.Optional(Type.Object({ prompt: Price, completion: Price }, strict)),
    parameters: Type.Optional(
      Type.Object(
        {
          temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
          max_tokens: Type.Optional(Tokens),
          extra_body: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
        },
        strict,
      ),
    ),
    limits: Type.Optional(
      Type.Object(
        {
          total_s: Type.Optional(Seconds),
          first_token_s: Type.Optional(Seconds),
          idle_s: Type.Optional(Seconds),
          max_concurrent: Type.Optional(Calls),
          requests_per_minute: Type.Optional(Calls),
          tokens_per_minute: Type.Optional(Tokens),
        },
        strict,
      ),
    ),
    choose_for: Type.Optional(
      Type.Array(
        Type.Object(
          {
            severity: Type.Optional(Type.Array(Severity, { minItems: 1 })),
            source: Type.Optional(Texts),
            words: Type.Optional(Texts),
          },
          { ...strict, minProperties: 1 },
        ),
      ),
    ),
    fallbacks: Type.Optional(Type.Array(Id)),
    inside: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type ModelInFile = Static<typeof ModelInFile>

const ModelsFile = Type.Object({ default: Type.Optional(Id), models: Type.Array(ModelInFile, { minItems: 1 }) }, strict)
export type ModelsFile = Static<typeof ModelsFile>

/** These schemas check the file without the contents of its models, which are checked one by one. */
const HasModelList = Type.Object({ models: Type.Array(Type.Unknown()) })
const FileAroundModels = Type.Object(
  { ...ModelsFile.properties, models: Type.Array(Type.Unknown(), { minItems: 1 }) },
  strict,
)

/** Lists everything that is wrong with the models file. It quotes only ids of the file: another value may be a key. */
export class ModelsFileError extends Error {
  constructor(path: string, problems: string[]) {
    super([`The models file ${path} can't be used:`, ...problems.map((problem) => `  ${problem}`)].join('\n'))
    this.name = 'ModelsFileError'
  }
}

/** Reads and checks the models file. @throws ModelsFileError */
export async function readModelsFile(path: string): Promise<ModelsFile> {
  const text = await readFile(path, 'utf8').catch((error) => {
    throw new ModelsFileError(path, [`it can't be read (${error.code})`])
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new ModelsFileError(path, ['it is no JSON'])
  }
  if (!Value.Check(ModelsFile, json)) throw new ModelsFileError(path, findShapeProblems(json))
  const problems = findMeaningProblems(json)
  if (problems.length > 0) throw new ModelsFileError(path, problems)
  return json
}

/** Each model is checked on its own, because the validator stops after some errors. */
function findShapeProblems(json: unknown): string[] {
  const models = Value.Check(HasModelList, json) ? json.models : []
  const lines = [
    ...toProblemLines(FileAroundModels, json, ''),
    ...models.flatMap((model, index) => toProblemLines(ModelInFile, model, `/models/${index}`)),
  ]
  return lines.length > 0 ? [...new Set(lines)] : ['it is of another shape than it should be']
}

function toProblemLines(schema: TSchema, value: unknown, path: string): string[] {
  return Value.Errors(schema, value).flatMap(({ keyword, instancePath, message, params }) => {
    if (keyword === 'boolean') return [] // The error of the whole object names the unknown field.
    const unknownFields = 'additionalProperties' in params ? `: ${[params.additionalProperties].flat().join(', ')}` : ''
    return `${path + instancePath || 'it'} ${message}${unknownFields}`
  })
}

/** Checks the rules that span several fields. */
function findMeaningProblems({ default: defaultId, models }: ModelsFile): string[] {
  const ids = models.map((model) => model.id)
  const knownIds = new Set([...ids, OFFLINE_MODEL_ID])
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `two models have the id ${id}`),
    ...(defaultId === undefined || knownIds.has(defaultId)
      ? []
      : [`default names ${defaultId}, which is no model of the file`]),
    ...models.flatMap((model) => [
      ...(model.provider === 'openai-compatible' && !model.endpoint ? [`${model.id} needs an endpoint`] : []),
      ...(model.provider === 'offline' && model.inside === false
        ? [`${model.id} is the offline analyst: it is always inside`]
        : []),
      ...(model.id === OFFLINE_MODEL_ID && model.provider !== 'offline'
        ? [`the id ${OFFLINE_MODEL_ID} is the offline analyst's`]
        : []),
      ...(model.fallbacks ?? []).flatMap((id) => {
        if (id === model.id) return [`${model.id} is its own fallback`]
        return knownIds.has(id) ? [] : [`${model.id} falls back to ${id}, which is no model of the file`]
      }),
    ]),
  ]
}
