import { COMMAND_RULES } from './commands/commands.ts'
import { OPTION_P_RULES } from './commands/option-p.ts'
import { OPTION_RULES } from './commands/options.ts'
import { PIPED_RULES } from './commands/piped.ts'
import { SETTING_RULES } from './commands/settings.ts'
import { ENCODED_VALUE_RULE } from './encoded.ts'
import { HASH_RULES } from './hashes.ts'
import { KEY_RULES } from './keys.ts'
import { NAMED_VALUE_RULE } from './named.ts'
import { PEM_RULES } from './pem.ts'
import { LOOKALIKE_PLACEHOLDER_RULE, MAIL_RULE, PEOPLE_RULES } from './people.ts'
import type { SecretRule } from './rule.ts'
import { SENTENCE_RULES } from './sentences.ts'
import { ALIGNED_RULE, findAlignedHead } from './tables/aligned.ts'
import { countCells, DELIMITED_RULE, findTableEnd } from './tables/delimited.ts'
import { INSERT_RULE } from './tables/inserts.ts'
import { findListEnd, isListHead, SECRET_LIST_RULE } from './tables/lists.ts'
import { TOKEN_RULES } from './tokens.ts'
import { WEB_RULES } from './web.ts'

export { countCells, findAlignedHead, findListEnd, findTableEnd, isListHead }

/** Lists every rule. If two rules find the same secret, the earlier rule decides its kind. */
export const SECRET_RULES: readonly SecretRule[] = [
  ...PEM_RULES,
  ...KEY_RULES,
  ...TOKEN_RULES,
  ...WEB_RULES,
  ...HASH_RULES,
  ...OPTION_P_RULES,
  ...OPTION_RULES,
  ...COMMAND_RULES,
  ...SETTING_RULES,
  ...PIPED_RULES,
  ...PEOPLE_RULES,
  NAMED_VALUE_RULE,
  SECRET_LIST_RULE,
  ENCODED_VALUE_RULE,
  DELIMITED_RULE,
  ALIGNED_RULE,
  INSERT_RULE,
  ...SENTENCE_RULES,
  LOOKALIKE_PLACEHOLDER_RULE,
  MAIL_RULE,
]
