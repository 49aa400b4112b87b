import type { AiCommand } from '@engineer-chat/protocol'

export type Language = 'zh' | 'en'

/** Holds one task for a model. A change of any wording, shared wording included, is a new version. */
export interface Prompt {
  name: 'answer' | AiCommand
  version: number
  /** The task comes after the role and before the rules. */
  task: Record<Language, string>
  /** Replaces the question if the engineer wrote a command. */
  request?: Record<Language, string>
  /** If true, each line of the answer needs a citation, and one without it is marked. */
  citesEachLine?: true
}

/** Returns the version as it is stored with an answer. */
export const toPromptVersion = ({ name, version }: Prompt): string => `${name}/${version}`
