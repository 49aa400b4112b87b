/** A question may begin with `/` and one of these names: the AI then writes what the command asks for. */
export const AI_COMMANDS = [
  { name: 'summary', chineseName: '总结' },
  { name: 'catchup', chineseName: '近况' },
  { name: 'handover', chineseName: '交接' },
] as const
export type AiCommand = (typeof AI_COMMANDS)[number]['name']

const BY_NAME: ReadonlyMap<string, AiCommand> = new Map(
  AI_COMMANDS.flatMap(({ name, chineseName }) => [[name, name] as const, [chineseName, name] as const]),
)
const COMMAND = new RegExp(`^[/／](${[...BY_NAME.keys()].join('|')})(?:\\s+|[:：]\\s*|$)`, 'i')

/** Reads a command at the beginning of a text. The text behind it names what the reply focuses on. */
export function readAiCommand(text: string): { command: AiCommand; focus: string } | undefined {
  const found = COMMAND.exec(text)
  const command = BY_NAME.get(found?.[1]?.toLowerCase() ?? '')
  return found && command ? { command, focus: text.slice(found[0].length).trim() } : undefined
}
