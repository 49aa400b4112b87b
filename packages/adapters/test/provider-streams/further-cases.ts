import { anthropicCases } from './anthropic-cases.ts'
import { bodyCases, errorCases } from './body-cases.ts'
import type { StreamCase } from './case.ts'
import { endCases, frameCases, partCases } from './openai-cases.ts'
import { thinkingCases } from './thinking-cases.ts'

const allCases = [
  ...endCases,
  ...partCases,
  ...frameCases,
  ...bodyCases,
  ...errorCases,
  ...thinkingCases,
  ...anthropicCases,
]

/** The recorded cases are samples. These cases add more of each kind. */
export const furtherCases: StreamCase[] = allCases.map((streamCase, index) => ({
  ...streamCase,
  name: `${index}_${streamCase.name}`,
}))
