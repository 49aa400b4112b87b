/** A question may begin with `/` and one of these names: the AI then writes what the command asks for. */
export const AI_COMMANDS = [
  { name: 'summary', chineseName: '总结' },
  { name: 'catchup', chineseName: '近况' },
  { name: 'handover', chineseName: '交接' },
] as const
export type AiCommand = (typeof AI_COMMANDS)[number]['name']
