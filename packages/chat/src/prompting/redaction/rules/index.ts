import { COMMANDS } from './commands.ts'
import { ENCODED_VALUE_RULE } from './encoded.ts'
import { HASHES } from './hashes.ts'
import { KEYS } from './keys.ts'
import { SECRET_LIST_RULE } from './lists.ts'
import { NAMED_VALUE_RULE } from './named.ts'
import { OPTIONS } from './options.ts'
import { PEM } from './pem.ts'
import { LOOKALIKE_NAME_RULE, MAIL, PEOPLE } from './people.ts'
import type { SecretRule } from './rule.ts'
import { SENTENCES } from './sentences.ts'
import { TABLES } from './tables.ts'
import { TOKENS } from './tokens.ts'
import { WEB } from './web.ts'

/** Lists every rule. If two rules match the same characters, the earlier rule decides. */
export const SECRET_RULES: readonly SecretRule[] = [
  ...[...PEM, ...KEYS, ...TOKENS, ...WEB, ...HASHES, ...OPTIONS, ...COMMANDS, ...PEOPLE],
  ...[NAMED_VALUE_RULE, SECRET_LIST_RULE, ENCODED_VALUE_RULE, ...TABLES, ...SENTENCES, LOOKALIKE_NAME_RULE, MAIL],
]
