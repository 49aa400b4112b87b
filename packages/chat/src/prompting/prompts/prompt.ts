export type Language = 'zh' | 'en'

/** Holds one task for a model. A change of any wording, shared wording included, is a new version. */
export interface Prompt {
  name: 'answer' | 'summary' | 'catchup' | 'handover'
  version: number
  /** The task stands after the role and before the rules. */
  task: Record<Language, string>
  /** Replaces the question if the engineer wrote a command. */
  request?: Record<Language, string>
}

/** Returns the version as it is stored with an answer. */
export const toPromptVersion = ({ name, version }: Prompt): string => `${name}/${version}`
