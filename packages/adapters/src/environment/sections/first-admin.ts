import { USERNAME_PATTERN } from '@engineer-chat/protocol'
import { createSection, optional, TextValue } from '../variable-types.ts'

// These variables name the administrator that is created at a start without any user.
export const firstAdminSection = createSection('The first administrator', {
  username: optional(
    TextValue('ADMIN_USERNAME', {
      description:
        'A migration or an API node that starts without any user creates an administrator with this name. If there are users, nothing is created or changed. Set it together with `ADMIN_PASSWORD_FILE`.',
      expected: 'up to 64 lower-case letters, digits, dots, _ or -, beginning with a letter or digit',
      pattern: USERNAME_PATTERN,
      example: 'admin',
    }),
  ),
  passwordFile: optional(
    TextValue('ADMIN_PASSWORD_FILE', {
      description:
        'This file contains the password of that administrator. It is read only while there is no user, and may be removed afterwards.',
      expected: 'the path of a file that holds a password and nothing else: 10 to 256 characters on one line',
      minLength: 1,
      example: '/run/secrets/admin_password',
    }),
  ),
})
