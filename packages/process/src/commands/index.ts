export { findHelp, getUsage, parseCommand, readCommand, UsageError } from './parse-command.ts'
export { COMMANDS } from './table.ts'
