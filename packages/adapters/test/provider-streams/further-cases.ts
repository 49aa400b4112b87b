import { anthropicCases } from './anthropic-cases.ts'
import { bodyCases, errorCases } from './body-cases.ts'
import type { StreamCase } from './case.ts'
import { endCases, frameCases, partCases } from './openai-cases.ts'
import { thinkingCases } from './thinking-cases.ts'

const all = [...endCases, ...partCases, ...frameCases, ...bodyCases, ...errorCases, ...thinkingCases, ...anthropicCases]

/** What the given cases are samples of: more of each kind. */
export const furtherCases: StreamCase[] = all.map((one, at) => ({ ...one, name: `${at}_${one.name}` }))
