import type { AiCommand } from '@engineer-chat/protocol'
import { ANSWER } from './answer.ts'
import { CATCHUP } from './catchup.ts'
import { HANDOVER } from './handover.ts'
import { POSTMORTEM } from './postmortem.ts'
import type { Prompt } from './prompt.ts'
import { SUMMARY } from './summary.ts'
import { TIMELINE } from './timeline.ts'

const COMMAND_PROMPTS: Record<AiCommand, Prompt> = {
  summary: SUMMARY,
  catchup: CATCHUP,
  handover: HANDOVER,
  timeline: TIMELINE,
  postmortem: POSTMORTEM,
}

/** Chooses the prompt of a command, or the one that answers a question. */
export const choosePrompt = (command: AiCommand | undefined): Prompt => (command ? COMMAND_PROMPTS[command] : ANSWER)
