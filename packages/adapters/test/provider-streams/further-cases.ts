import { anthropicCases } from './anthropic-cases.ts'
import { bodyCases, errorCases } from './body-cases.ts'
import type { StreamCase } from './case.ts'
import { endCases, frameCases, partCases } from './openai-cases.ts'
import { thinkingCases } from './thinking-cases.ts'

const all = [...endCases, ...partCases, ...frameCases, ...bodyCases, ...errorCases, ...thinkingCases, ...anthropicCases]

/** The given cases are samples, and these add more of each kind. */
export const furtherCases: StreamCase[] = all.map((one, at) => ({ ...one, name: `${at}_${one.name}` }))
