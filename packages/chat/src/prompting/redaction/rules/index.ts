import { COMMANDS } from './commands.ts'
import { ENCODED } from './encoded.ts'
import { HASHES } from './hashes.ts'
import { KEYS } from './keys.ts'
import { LISTS } from './lists.ts'
import { NAMED } from './named.ts'
import { OPTIONS } from './options.ts'
import { PEM } from './pem.ts'
import { LOOKALIKE, MAIL, PEOPLE } from './people.ts'
import type { SecretRule } from './rule.ts'
import { SENTENCES } from './sentences.ts'
import { TABLES } from './tables.ts'
import { TOKENS } from './tokens.ts'
import { WEB } from './web.ts'

/** Lists every rule. If two rules match the same characters, the earlier rule decides. */
export const SECRET_RULES: readonly SecretRule[] = [
  ...[...PEM, ...KEYS, ...TOKENS, ...WEB, ...HASHES, ...OPTIONS, ...COMMANDS, ...PEOPLE],
  ...[NAMED, LISTS, ENCODED, ...TABLES, ...SENTENCES, LOOKALIKE, MAIL],
]
