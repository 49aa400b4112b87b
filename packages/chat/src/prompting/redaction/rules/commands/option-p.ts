import { looksLikePassword } from '../../checks.ts'
import { mayBeSecretArgument } from './arguments.ts'
import type { AcceptOption } from './option-rule.ts'

/** Matches the text before `-p` if it is an option of a command within the command: `docker exec x mkdir -p y`. */
const COMMAND_WITH_OTHER_P =
  /(?<!-\w{1,20}[ =])(?<![\w./-])(?:\/(?:usr\/)?bin\/)?(?:mkdir|cp)\s(?:-\S{1,20}\s|[0-7]{3,4}\s){0,3}$/
/** Matches a number that may be a port. */
const PORT = /^\d{1,5}$/

/** Returns true if the value of `-p` is a password. After a first `-p`, a short number is probably a port: `-p 22`. */
export const isPasswordOfP: AcceptOption = (secret, before) =>
  mayBeSecretArgument(secret) &&
  !COMMAND_WITH_OTHER_P.test(before) &&
  !(PORT.test(secret) && /[\s"']-p[^a-z]/.test(before))

/** Matches the text before an option of the subcommand `login`, unless another subcommand follows. */
const LOGIN = /\blogin\b(?!.*\b(?:run|exec|create|compose|storage)\b)/
/** Matches the ports and the addresses of `docker run -p`, whose last part is a port: `${PORT}:443`. */
const PORT_MAPPING = /\$\{|:\d{1,5}(?:-\d{1,5})?(?:\/\w+)?$/

/**
 * Returns true if the value of `-p` is a password of a tool that takes one when it signs in. In its other subcommands,
 * `-p` maps ports, or names a file or a project.
 */
export const isPasswordOfLogin: AcceptOption = (secret, before) =>
  LOGIN.test(before)
    ? isPasswordOfP(secret, before)
    : looksLikePassword(secret) &&
      isPasswordOfP(secret, before) &&
      !PORT_MAPPING.test(secret) &&
      !/\b(?:compose|storage)\b/.test(before)
