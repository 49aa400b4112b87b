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
const LOGIN = /\blogin\b(?!.*\s(?:run|exec|create|compose|storage)\s)/
/** Matches the text before an option of a subcommand whose `-p` names a project or a file. */
const SUBCOMMAND_WITH_OTHER_P = /^(?:\s+-\S+(?:\s+[^\s-]\S*)?){0,8}\s+(?:compose|storage)\s/
/** Matches an option with a user's name, which the password of this user goes with. */
const USER_OPTION = /\s(?:-u|--user(?:name|-name)?|--admin-user(?:name)?)[ =]/
/** Matches the ports and the addresses of `docker run -p`, whose last part is a port: `${PORT}:443`. */
const PORT_MAPPING = /\$\{|:\d{1,5}(?:-\d{1,5})?(?:\/\w+)?$/

/** Returns true if the value of `-p` is a password, which the subcommand `login` takes. */
export const isPasswordAfterLogin: AcceptOption = (secret, before) =>
  LOGIN.test(before) && isPasswordOfP(secret, before)

/** Returns true if the value of `-p` is a password, because an option before it names the user. */
export const isPasswordAfterUser: AcceptOption = (secret, before) =>
  USER_OPTION.test(before) && isPasswordOfP(secret, before) && !SUBCOMMAND_WITH_OTHER_P.test(before)

/**
 * Returns true if the value of `-p` is a password. After `login` it is one. In other subcommands `-p` may also map
 * ports, or name a file or a project, so that the value has to look like a password: `az sql server create -p`.
 */
export const isPasswordOfLogin: AcceptOption = (secret, before) =>
  isPasswordAfterLogin(secret, before) ||
  // Without `@`, a password such as `P@ssw0rd` does not begin like an address.
  (looksLikePassword(secret.replaceAll('@', '')) &&
    isPasswordOfP(secret, before) &&
    !PORT_MAPPING.test(secret) &&
    !SUBCOMMAND_WITH_OTHER_P.test(before))
