export { type Command, commandOf, languageIn } from './command.ts'
export { type Evidence, evidenceOf } from './evidence.ts'
export { estimateTokens, type TokenGauge, tokenGauge } from './tokens.ts'
