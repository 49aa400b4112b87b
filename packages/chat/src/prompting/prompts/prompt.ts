export type Language = 'zh' | 'en'

/** What a model is to do. A change of any wording that it is told, shared ones included, is a new version. */
export interface Prompt {
  name: 'answer' | 'summary' | 'catchup' | 'handover'
  version: number
  /** Behind the role, before the rules. */
  task: Record<Language, string>
  /** What stands in the question's place, where the engineer wrote a command. */
  request?: Record<Language, string>
}

/** As it is stored with an answer. */
export const toPromptVersion = ({ name, version }: Prompt): string => `${name}/${version}`
