import type { StreamCase } from './case.ts'
export const furtherCases: StreamCase[] = []
