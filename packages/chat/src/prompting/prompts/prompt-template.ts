import type { AiCommand } from '@engineer-chat/protocol'

export type Language = 'zh' | 'en'

/** Holds one task for a model. Each change of its texts, or of the texts in `prompt-texts.ts`, needs a new version. */
export interface PromptTemplate {
  name: 'answer' | AiCommand
  version: number
  /** The task comes after the role and before the rules. */
  task: Record<Language, string>
  /** Replaces the question if the engineer wrote a command. */
  request?: Record<Language, string>
  /** If true, each line of the answer needs a citation, and a line without one is marked. */
  citesEachLine?: true
}

/** Returns the version as it is stored with an answer. */
export const toPromptVersion = ({ name, version }: PromptTemplate): string => `${name}/${version}`
