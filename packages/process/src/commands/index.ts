export { findHelp, getUsage, parseCommandLine, readCommandLine, UsageError } from './parse-command-line.ts'
export { COMMANDS } from './table.ts'
