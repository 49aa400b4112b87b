import { isRandom, isUnlikeWord, looksLikePassword, mayBeSecret } from '../checks.ts'
import {
  CLOSING_TAGS,
  createStickyPattern,
  isAssignedSecret,
  isObviousSecret,
  isPasswordName,
  isResourceName,
  OPENING_TAGS,
  SEPARATOR,
  VALUE,
  type ValuePattern,
} from './value-pattern.ts'

/**
 * Matches what may be between a name and its separator: the end of the name's quotes, a note in round brackets, closing
 * tags, or a type before a value in quotes (`: String`).
 */
const AFTER_NAME = `["'\`*_\\])}]{0,4}(?:[ \\t]?\\([^()\\n]{0,30}\\))?${CLOSING_TAGS}[ \\t]{0,16}(?:[:]?[ \\t]{0,2}[a-z&*<>]{2,12}[ \\t]{0,2}(?==[ \\t]{0,2}["'\`]))?`
/** Matches what may be between a separator and the value: tags, and marks such as `**` or a bracket. */
const BEFORE_VALUE = `(?:(?!"""|''')["'*_]{1,3})?${CLOSING_TAGS}[ \\t]{0,16}${OPENING_TAGS}[*_("']{0,2}?`

/**
 * These patterns match a value that follows its name in configurations, programs, tables and command lines, or that is
 * in quotes right after its name. `SPOKEN_VALUES` are the values in sentences.
 */
export const WRITTEN_VALUES: readonly ValuePattern[] = [
  {
    id: 'assigned',
    pattern: createStickyPattern(`${AFTER_NAME}${SEPARATOR}${BEFORE_VALUE}${VALUE}`),
    accept: isAssignedSecret,
    hiddenSamples: [
      'DB_PASSWORD=«Tr0ub4dor&3»',
      '"api_key": "«{32}»"',
      '口令：«Tr0ub4dor&3»',
      '**Password:** `«Tr0ub4dor&3»`',
      'let password: String = "«Tr0ub4dor&3»"',
      '<b>Password:</b> «Tr0ub4dor&3»',
      'password (old): «Tr0ub4dor&3»',
      'password: «abc»',
      'password: ``«Tr0ub4dor&3»``',
      'password = """«Tr0ub4dor and "3" words»"""',
      "password='''«Tr0ub4dor and 3 words»'''",
      'p/w: «Tr0ub4dor&3»',
      'psw=«Tr0ub4dor&3»',
      'p a s s w o r d : «Tr0ub4dor&3»',
      'p.a.s.s.w.o.r.d = «Tr0ub4dor&3»',
      '\u0440\u0430ssword: «Tr0ub4dor&3»', // The first two letters are Cyrillic.
    ],
    keptSamples: [
      'Elevated Token:\t\t%%1842',
      'max_tokens: 4096',
      '"secretName":"web-tls"',
      'password_policy: strict-14',
      'PWD=/home/anna',
      'spf=pass smtp.mailfrom=x.example',
      'session_id=28461',
      'PASSWORD_FILE=/run/secrets/db',
      'token: expired',
      `for /F "tokens=*" %1 in ('wevtutil.exe el') DO wevtutil.exe cl "%1"`,
      '"signature": "ET SCAN Nmap Scripting Engine User-Agent Detected 1"',
    ],
  },
  {
    id: 'in angle brackets',
    pattern: createStickyPattern(`["'\`*_]{0,3}[ \\t]{0,4}${SEPARATOR}[ \\t]{0,4}["'\`]?<(?<secret>[^<>\\s/]{6,200})>`),
    accept: (secret, name) =>
      isPasswordName(name) &&
      looksLikePassword(secret) &&
      !/pass|your|secret|token|key|value|here|change/i.test(secret),
    hiddenSamples: ['password: <«Tr0ub4dor&3»>'],
    keptSamples: ['password: <your-password-1>', 'password: <PASSWORD_2>', 'password=<redacted>'],
  },
  {
    id: 'after a dash',
    pattern: createStickyPattern('["\'*_]{0,2}[ \\t]{1,4}[-~][ \\t]{1,4}["\'`]?(?<secret>[^\\s"\'`<>]{4,200})'),
    accept: (secret, name) => (isPasswordName(name) ? looksLikePassword(secret) : isRandom(secret)),
    before: /^[^=]*$/,
    hiddenSamples: ['Password - «Tr0ub4dor&3»'],
    keptSamples: ['GET http://x.example/users/42/password - HIER_DIRECT/192.0.2.1 text/html'],
  },
  {
    id: 'in the next cell of Markdown',
    pattern: createStickyPattern('[*_`]{0,3}[ \\t]{0,20}\\|[ \\t]{0,20}[`*]{0,3}(?<secret>[^\\s"\'`<>|*]{4,200})'),
    accept: isObviousSecret,
    before: /(?:^|[\n|])[\s*_`]{0,20}$/,
    hiddenSamples: ['| **Password** | `«Tr0ub4dor&3»` |'],
    keptSamples: ['CEF:0|V|P|1|2|Bad password | 7', '| guessing passwords | Argon2id |'],
  },
  {
    id: 'after a tab',
    pattern: createStickyPattern('["\'*_]{0,2}[ ]{0,8}\\t[ \\t]{0,8}(?<secret>[^\\s"\'`<>]{4,200})(?=\\s|$)'),
    accept: (secret, name) => isObviousSecret(secret, name) && !/^[\w.-]+[=:]/.test(secret),
    hiddenSamples: ['Password\t«Tr0ub4dor&3»'],
    keptSamples: ['Password\tLast set'],
  },
  {
    id: 'on the next line',
    pattern: createStickyPattern(
      '["\'*_\\]]{0,3}[ \\t]{0,4}[:=]?["\'*_]{0,3}[ \\t]{0,4}(?:[>|][+-]?)?[ \\t]{0,4}(?:\\n[ \\t]{0,40}){1,2}["\'`]?(?<secret>[^\\s"\'`#<{[|-][^\\s"\'`]{3,400})["\'`]?(?=[ \\t]{0,8}(?:\\n|$))',
    ),
    accept: (secret, name) =>
      isObviousSecret(secret, name) &&
      isAssignedSecret(secret, name) &&
      !/[:=]$|^[\w.-]+[:=]|^\d+[-:.]\d|^https?:/.test(secret),
    before: /(?:^|\n)[\s>*_#"'-]{0,12}(?:[\w.-]{1,24}[ \t]?){0,2}$/,
    hiddenSamples: ['password: >-\n  «Tr0ub4dor&3»', 'Password\n«Tr0ub4dor&3»'],
    keptSamples: ['secret:\n  name: web-1', 'Failed password\n2026-11-22T08:14:03Z'],
  },
  {
    id: 'in an element of XML',
    // The element `code` of HTML holds a command or the hash of a file, and hardly ever a code of OAuth.
    pattern: createStickyPattern(
      '(?<!<code)(?:["\'][^<>]{0,200}|[ \\t\\n][^<>]{0,200})?(?<!/)>\\s{0,60}(?:<(?:value|string)>\\s{0,60})?(?:<!\\[CDATA\\[[ \\t]{0,8}(?<secret>[^\\n]{3,500}?)[ \\t]{0,8}(?=\\]\\]>)|(?<secret>[^<>\\s][^<>\\n]{2,500}?)\\s{0,60}(?=</|<br|$|\\n))',
    ),
    accept: (secret, name) =>
      isAssignedSecret(secret, name) && (isUnlikeWord(secret) || !/\s/.test(secret)) && !/[:：]$/.test(secret),
    before: /<[\w:.-]{0,30}$|<\w+[^<>]{0,50}\b(?:key|name|id)=["'][\w.-]{0,30}$/i,
    hiddenSamples: [
      '<password>«Tr0ub4dor&3»</password>',
      '<password><![CDATA[«Tr0ub<4>dor&3»]]></password>',
      '<AdministratorPassword><Value>«{24}»</Value>',
      '<entry key="password">«Tr0ub4dor&3»</entry>',
    ],
    keptSamples: [
      '<label for="password">Password:</label>',
      '<passwordPolicy>strict 14</passwordPolicy>',
      '<add key="password" value="no"/>\nweb-01 was next',
      '<code>reg add HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run /v x1</code>',
      '<code>rundll32.exe keymgr.dll KRShowKeyMgr</code>',
      '<code>{hex 64}</code>',
      '<key>reg add HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run /v x1</key>',
    ],
  },
  {
    id: 'in the next cell of HTML',
    pattern: createStickyPattern(
      '[:：]?</\\w{1,10}>\\s{0,60}<\\w{1,10}[^<>]{0,80}>\\s{0,20}(?:<(?:code|b|tt)>)?(?<secret>[^<>\\s][^<>\\n]{2,500}?)\\s{0,20}(?=</|$)',
    ),
    accept: (secret, name) =>
      isObviousSecret(secret, name) || (isPasswordName(name) && isAssignedSecret(secret, name) && !/\s/.test(secret)),
    before: />[^<>]{0,30}$/,
    hiddenSamples: ['<td>Password</td><td>«Tr0ub4dor&3»</td>', '<key>Password</key>\n<string>«Tr0ub4dor&3»</string>'],
    keptSamples: ['<td>Password policy</td><td>strict</td>'],
  },
  {
    id: 'the field `value` after the field `name`',
    pattern: createStickyPattern(
      `["']?[ \\t]{0,4}(?:[,;]|\\n|[ \\t]|/?>)[^{}<>]{0,100}?\\b(?:parameter|default|string|secret)?value["']?\\s{0,3}[:=]\\s{0,3}${VALUE}`,
    ),
    accept: isAssignedSecret,
    before: /(?:name|key|id|field|property|variable|header)["']?\s{0,3}[:=]\s{0,3}["']?[\w.-]{0,40}$/i,
    hiddenSamples: [
      '- name: DB_PASSWORD\n  value: «Tr0ub4dor&3»',
      '<add key="ApiKey" value="«{32}»"/>',
      '{"Key":"password","Value":"«Tr0ub4dor&3»"}',
    ],
    keptSamples: ['name: password-policy\nvalue: 12'],
  },
  {
    id: 'the second argument',
    pattern: createStickyPattern(
      '["\']\\s{0,3},\\s{0,3}(?:"(?<double>[^"\\n]{3,500})"|\'(?<single>[^\'\\n]{3,500})\')\\s{0,3}\\)',
    ),
    accept: isAssignedSecret,
    before: /\(\s{0,3}["'][\w.-]{0,40}$/,
    hiddenSamples: [`define('DB_PASSWORD', '«Tr0ub4dor&3»');`],
    keptSamples: [`check('password', 'required')`],
  },
  {
    id: 'the argument of a function with that name',
    pattern: createStickyPattern('[ \\t]?\\(\\s{0,3}(?:"(?<double>[^"\\n]{3,500})"|\'(?<single>[^\'\\n]{3,500})\')'),
    accept: (secret, name) => isObviousSecret(secret, name) && !isResourceName(secret),
    before: /(?:(?:set|with|use|add|\.)[a-z_]{0,24}|[= ])$/i,
    hiddenSamples: ['ds.setPassword("«Tr0ub4dor&3»")', `SET x = PASSWORD('«Tr0ub4dor&3»')`],
    keptSamples: ['form.getPassword("field")'],
  },
  {
    id: 'after an encryption type in a device’s setting',
    pattern: createStickyPattern(
      '[ \\t]{1,4}(?:(?:[05789]|ENC|ascii-text|hexadecimal|cipher|irreversible-cipher|simple|sha512|hash)[ \\t]{1,4})(?:"(?<double>[^"\\n]{3,300})"|(?<secret>[^\\s"]{4,300}))',
    ),
    accept: (secret) => isUnlikeWord(secret) && !/^\d{1,5}$/.test(secret),
    hiddenSamples: ['username admin password 7 «0822455D0A16544541»', 'enable secret 5 «$1$abcd$·{22}»'],
    keptSamples: ['password 7 times wrong'],
  },
  {
    id: 'after an option of a command',
    pattern: createStickyPattern(
      '[ \\t]{1,3}(?:"(?<double>[^"\\n]{3,500})"|\'(?<single>[^\'\\n]{3,500})\'|(?<secret>[^\\s"\'|;&<>-][^\\s"\']{2,500}))',
    ),
    accept: (secret, name) =>
      mayBeSecret(secret) && !secret.startsWith('-') && (isPasswordName(name) || secret.length >= 8),
    before: /(?:^|\s)--?[a-z][\w-]{0,30}$|(?:^|\s)--?$/i,
    hiddenSamples: ['keytool -storepass «Tr0ub4dor&3»', 'app --password «Tr0ub4dor&3»'],
    keptSamples: ['app --password --host db'],
  },
  {
    id: 'in quotes',
    pattern: createStickyPattern(
      '[ \\t]{1,3}(?:"(?<double>[^"\\n]{3,200})"|\'(?<single>[^\'\\n]{3,200})\'|``[ ]?(?<tick>[^`\\n]{3,200}?)[ ]?``|`(?<tick>[^`\\n]{3,200})`)',
    ),
    accept: (secret, name) =>
      !/\s/.test(secret) &&
      isAssignedSecret(secret, name) &&
      (isUnlikeWord(secret) || (isPasswordName(name) && secret.length >= 8)),
    hiddenSamples: [
      'the password "«Tr0ub4dor&3»" was used',
      'the password ``«Tr0ub4dor&3»`` was used',
      `ALTER USER x WITH PASSWORD '«Tr0ub4dor&3»'`,
    ],
    keptSamples: ['the password "must be changed"'],
  },
]
