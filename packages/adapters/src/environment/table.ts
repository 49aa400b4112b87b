import { promptsSection, retentionSection, sessionsSection } from './sections/assistant.ts'
import { documentsSection } from './sections/documents.ts'
import { egressSection } from './sections/egress.ts'
import { firstAdminSection } from './sections/first-admin.ts'
import { httpSection } from './sections/http.ts'
import { budgetsSection, llmSection } from './sections/models.ts'
import { processSection, workerSection } from './sections/processes.ts'
import { rateLimitsSection } from './sections/rate-limits.ts'
import { databaseAdminSection, databaseSection, redisSection } from './sections/servers.ts'
import { signInSection } from './sections/sign-in.ts'
import { socketsSection } from './sections/sockets.ts'
import { tracingSection } from './sections/tracing.ts'
import { voiceSection } from './sections/voice.ts'
import type { Section, Variable, VariableValue } from './variable-types.ts'

/** Lists all variables, in the order of docs/configuration.md. */
export const SECTIONS = {
  process: processSection,
  database: databaseSection,
  databaseAdmin: databaseAdminSection,
  redis: redisSection,
  http: httpSection,
  signIn: signInSection,
  firstAdmin: firstAdminSection,
  rateLimits: rateLimitsSection,
  sockets: socketsSection,
  sessions: sessionsSection,
  prompts: promptsSection,
  documents: documentsSection,
  llm: llmSection,
  budgets: budgetsSection,
  retention: retentionSection,
  voice: voiceSection,
  egress: egressSection,
  tracing: tracingSection,
  worker: workerSection,
}

export type SectionName = keyof typeof SECTIONS

type SectionValues<S> = S extends Section<infer V> ? { readonly [P in keyof V]: VariableValue<V[P]> } : never

/** Holds the values of every section, in the units that the properties name. No process reads all sections. */
export type AllSections = { readonly [N in SectionName]: SectionValues<(typeof SECTIONS)[N]> }

/** API nodes and workers do not read the account that may change tables. */
type NodeSection = Exclude<SectionName, 'databaseAdmin'>

/** Describes the configuration of an API node. */
export type Config = Pick<AllSections, NodeSection>

/** A worker signs no tokens and serves no clients, so it does not read the section `signIn` with the secret. */
export const WORKER_SECTIONS = [
  'process',
  'database',
  'redis',
  'sessions',
  'prompts',
  'documents',
  'llm',
  'budgets',
  'retention',
  'egress',
  'tracing',
  'worker',
] as const satisfies SectionName[]

/** Describes a worker's configuration: `Config` without the sections that a worker does not use. */
export type WorkerConfig = Pick<Config, (typeof WORKER_SECTIONS)[number]>

/** Lists the sections that the migration reads. The migration also creates the first administrator. */
export const MIGRATION_SECTIONS = [
  'process',
  'database',
  'databaseAdmin',
  'firstAdmin',
] as const satisfies SectionName[]

/** Lists the variables of these sections, each with the section and property of the configuration for its value. */
export function listVariables(
  names: readonly SectionName[] = listSectionNames(),
): Array<{ section: SectionName; property: string; variable: Variable }> {
  return names.flatMap((section) =>
    Object.entries<Variable>(SECTIONS[section].variables).map(([property, variable]) => ({
      section,
      property,
      variable,
    })),
  )
}

const listSectionNames = (): SectionName[] => Object.keys(SECTIONS).filter(isSectionName)

const isSectionName = (name: string): name is SectionName => Object.hasOwn(SECTIONS, name)

export const NODE_SECTIONS: readonly SectionName[] = listSectionNames().filter((name) => name !== 'databaseAdmin')
