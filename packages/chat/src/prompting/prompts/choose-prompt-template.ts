import type { AiCommand } from '@engineer-chat/protocol'
import { ANSWER } from './answer.ts'
import { CATCHUP } from './catchup.ts'
import { HANDOVER } from './handover.ts'
import { POSTMORTEM } from './postmortem.ts'
import type { PromptTemplate } from './prompt-template.ts'
import { SUMMARY } from './summary.ts'
import { TIMELINE } from './timeline.ts'

const COMMAND_TEMPLATES: Record<AiCommand, PromptTemplate> = {
  summary: SUMMARY,
  catchup: CATCHUP,
  handover: HANDOVER,
  timeline: TIMELINE,
  postmortem: POSTMORTEM,
}

/** Chooses the template of a command, or the one that answers a question. */
export const choosePromptTemplate = (command: AiCommand | undefined): PromptTemplate =>
  command ? COMMAND_TEMPLATES[command] : ANSWER
