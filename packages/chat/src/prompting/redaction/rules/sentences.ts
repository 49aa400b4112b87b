import { isUnlikeWord, looksLikePassword } from '../checks.ts'
import { createMatcher, createPrecedingMatcher, type SecretRule } from './rule.ts'

const createSentenceRule = (
  id: string,
  keywords: readonly string[],
  pattern: RegExp,
  hiddenSamples: readonly string[],
  keptSamples: readonly string[],
  accept?: (secret: string) => boolean,
): SecretRule => ({
  id,
  kind: 'PASSWORD',
  keywords,
  find: createMatcher(pattern, accept),
  hiddenSamples,
  keptSamples,
})

/**
 * Returns true if the text looks like a password. A text that begins with a digit does not count, because it can be a
 * number or a date. A text with a slash or a backslash does not count, because it can be a path such as `web/index`.
 */
const isPasswordInSentence = (secret: string): boolean =>
  looksLikePassword(secret) && isUnlikeWord(secret) && !/^\d|[/\\]/.test(secret)

/** Matches a name in capitals, such as `SRV-FILE01`, which is more likely a computer than a password. */
const HOST_NAME_IN_CAPITALS = /^[A-Z\d]+(?:-[A-Z\d]+)*$/

/**
 * These rules find passwords that are before their name (`"x" as the password`) or after a user name
 * (`login: anna / x`), and passphrases of several words.
 */
export const SENTENCE_RULES: SecretRule[] = [
  createSentenceRule(
    'login-pair',
    ['cred', 'login', 'log in', 'logged in', 'sign in', '账号', '帳號', '账户', '凭据', '凭证', '用户名'],
    /(?:(?<![\w./-])(?:credentials?|creds?|logins?|log(?:ged)? in|sign in)(?![\w./-])|账号|帳號|账户|凭据|凭证|用户名)\s{0,3}(?:is|are|were|was|with|as|using|:|=|为|是)?\s{0,3}["'`]?[\w.@\\-]{2,64}["'`]?\s{0,2}[/:|,]\s{0,2}["'`]?(?<secret>[^\s"'`，。；]{6,200})/gi,
    ['credentials: admin / «Tr0ub4dor&3»', 'login is admin/«Tr0ub4dor&3»', 'creds: anna:«Tr0ub4dor&3»'],
    ['login is web/index', 'logged in at web:8080'],
    isPasswordInSentence,
  ),
  createSentenceRule(
    'quoted-as-the-password',
    ['password', 'passphrase', 'passwort'],
    /["'`](?<secret>[^\s"'`]{6,200})(?=["'`]\s{1,3}(?:as|for|was|is)\s(?:(?:a|an|the|his|her|their|its|our|my)\s)?(?:\w{1,20}\s)?(?:password|passphrase|passwort))/gi,
    ['he used "«Tr0ub4dor&3»" as the password'],
    ['"bob" as the password'],
    looksLikePassword,
  ),
  createSentenceRule(
    'used-as-the-password',
    ['password', 'passphrase', 'passwort'],
    /(?<![\w-])(?:use[ds]?|using|try|tried|type[ds]?|enter(?:ed)?|set)\s["'`]{0,2}(?<secret>[^\s"'`]{6,200})["'`]{0,2}\s(?:as|for)\s(?:(?:a|an|the|his|her|their|its|our|my)\s)?(?:\w{1,20}\s)?(?:password|passphrase|passwort)(?=\s{0,3}(?:[.,;:!?)]|$|(?:and|but|for|of|on|to|in|at|when|again)\s))/gi,
    ['use «Tr0ub4dor&3» as password', 'they tried `«Tr0ub4dor&3»` as the admin password'],
    ['use KeePass2 as password manager', 'use Argon2id for password hashing', 'used web01 as the password'],
    isPasswordInSentence,
  ),
  {
    id: 'is-the-password',
    kind: 'PASSWORD',
    keywords: ['password', 'passphrase', 'passwort'],
    find: createPrecedingMatcher(
      /\s(?:is|was|ist|war)\s(?:still\s|now\s)?(?:the|his|her|their|our|my|das)\s(?:\w{1,20}\s){0,2}(?:password|passphrase|passwort)(?=\s{0,3}(?:[.,;:!?)]|$|(?:for|of|on|to|für|von)\s))/gi,
      (secret) => isPasswordInSentence(secret) && !HOST_NAME_IN_CAPITALS.test(secret),
    ),
    hiddenSamples: ['«Tr0ub4dor&3» is the password.', '“«Tr0ub4dor&3»” was their old password for the VPN'],
    keptSamples: [
      'SRV-FILE01 is the password store',
      'WEB-07 was the password server.',
      'KeePass2 is the password manager',
    ],
  },
  createSentenceRule(
    'chinese-as-the-password',
    ['密码', '口令'],
    /(?:用|以|把)\s?["'`《【]?(?<secret>[!#-&(-_a-~]{6,200}?)["'`》】]?\s?(?:作为|做|当作|当|作|设为|设成|设置为)(?:[\u4e00-\u9fff]{0,4})(?:密码|口令)|(?<![!#-&(-_a-~])(?<secret>[!#-&(-_a-~]{6,200}?)["'`》】]?\s?(?:就?是|为)[\u4e00-\u9fff]{0,8}的?(?:密码|口令)(?![\u4e00-\u9fff])/g,
    [
      '用 «Tr0ub4dor&3» 作为密码',
      '«Tr0ub4dor&3» 是管理员的密码',
      '"«Tr0ub4dor&3»"是管理员的密码',
      '`«Tr0ub4dor&3»` 是管理员的密码',
      '“«Tr0ub4dor&3»”是管理员的密码',
      '「«Tr0ub4dor&3»」是管理员的密码',
      '【«Tr0ub4dor&3»】是管理员的密码',
      'ssh h ＂«Tr0ub4dor&3»＂ 是管理员的密码',
      'ssh h ＂«Tr0ub4dor&3» 是管理员的密码',
    ],
    ['用 KeePass 管理密码', 'Argon2 是密码哈希算法', '“KeePass2”是公司的密码管理工具', '“web/index”是登录的口令'],
    isPasswordInSentence,
  ),
  // This rule reads settings in JSON, YAML and the like, in which the value is before the name.
  createSentenceRule(
    'value-before-name',
    ['value'],
    /["']?value["']?\s{0,3}[:=]\s{0,3}["'](?<secret>[^"'\n]{4,400})(?=["'][\s,]{1,6}(?:["']?[\w.-]{1,30}["']?\s{0,3}[:=]\s{0,3}["']?[^"'\n{}]{0,60}["']?[\s,]{1,6}){0,3}["']?(?:name|key)["']?\s{0,3}[:=]\s{0,3}["']?[\w.-]{0,40}?(?:pass|pwd|secret|token|api_?key))/gi,
    [
      '{"value":"«Tr0ub4dor&3»","name":"DB_PASSWORD"}',
      '{"value": "«Tr0ub4dor&3»", "type": "string", "id": 7, "name": "DB_PASSWORD"}',
    ],
    ['{"value":"12","name":"policy"}'],
    isUnlikeWord,
  ),
  createSentenceRule(
    'words-as-passphrase',
    ['passphrase'],
    /passphrase["'*]{0,3}\s{0,3}[:=]\s{0,3}["'`]?(?<secret>[a-z]{3,12}(?:[ -][a-z]{3,12}){3,9})/gi,
    ['passphrase: «correct horse battery staple»'],
    ['passphrase: none'],
  ),
]
