/** A question may begin with `/` and one of these names: the AI then writes what the command asks for. */
export const AI_COMMANDS = [
  { name: 'summary', chineseName: '总结' },
  { name: 'catchup', chineseName: '近况' },
  { name: 'handover', chineseName: '交接' },
  { name: 'timeline', chineseName: '时间线' },
  { name: 'postmortem', chineseName: '复盘' },
] as const
export type AiCommand = (typeof AI_COMMANDS)[number]['name']

const COMMANDS_BY_NAME: ReadonlyMap<string, AiCommand> = new Map(
  AI_COMMANDS.flatMap(({ name, chineseName }) => [[name, name] as const, [chineseName, name] as const]),
)
/** `@AI x`, `@ai，x` and `@AI你好` mention the AI; `@AIM x` does not. */
const MENTION = /^@AI(?![A-Za-z0-9_])[\s,:]*/i
const COMMAND = new RegExp(`^/(${[...COMMANDS_BY_NAME.keys()].join('|')})(?:\\s+|:\\s*|$)`, 'i')

/** The code of a full-width character (`！` to `～`) is the code of the same character in ASCII plus this number. */
const FULL_WIDTH_OFFSET = 0xff_01 - 0x21

/** Replaces the full-width characters of input methods (`＠ＡＩ`, `／`). Each character keeps its index. */
export const toHalfWidth = (text: string): string =>
  text.replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - FULL_WIDTH_OFFSET))

/**
 * Returns the `@AI` at the start of a text, as the user typed it and with the punctuation after it, or an empty text.
 */
export function readAiMention(text: string): string {
  return text.slice(0, MENTION.exec(toHalfWidth(text))?.[0].length ?? 0)
}

/** Reads a command at the beginning of a text. The text after it (`focus`) limits the reply to a topic. */
export function readAiCommand(text: string): { command: AiCommand; focus: string } | undefined {
  const match = COMMAND.exec(toHalfWidth(text))
  const command = COMMANDS_BY_NAME.get(match?.[1]?.toLowerCase() ?? '')
  return match && command ? { command, focus: text.slice(match[0].length).trim() } : undefined
}
