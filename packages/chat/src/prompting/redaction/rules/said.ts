import { isStriking, isUnlikeWord } from '../checks.ts'
import { matching, type SecretRule } from './rule.ts'

const said = (
  id: string,
  keywords: readonly string[],
  pattern: RegExp,
  hides: readonly string[],
  keeps: readonly string[],
  accept: (secret: string) => boolean,
): SecretRule => ({
  ...{ id, kind: 'PASSWORD', keywords, find: matching(pattern, accept), hides, keeps },
})

const isLogin = (secret: string): boolean => isStriking(secret) && isUnlikeWord(secret) && !/^\d|[/\\]/.test(secret)

/** These rules find secrets in sentences where no name stands directly before the secret. */
export const NAMED_SECRETS: SecretRule[] = [
  said(
    'login-pair',
    ['cred', 'login', 'log in', 'logged in', 'sign in', '账号', '帳號', '账户', '凭据', '凭证', '用户名'],
    /(?:(?<![\w./-])(?:credentials?|creds?|logins?|log(?:ged)? in|sign in)(?![\w./-])|账号|帳號|账户|凭据|凭证|用户名)\s{0,3}(?:is|are|were|was|with|as|using|:|=|为|是)?\s{0,3}["'`]?[\w.@\\-]{2,64}["'`]?\s{0,2}[/:|,]\s{0,2}["'`]?(?<secret>[^\s"'`，。；]{6,200})/gi,
    ['credentials: admin / «Tr0ub4dor&3»', 'login is admin/«Tr0ub4dor&3»', 'creds: anna:«Tr0ub4dor&3»'],
    ['login is web/index', 'logged in at web:8080'],
    isLogin,
  ),
  said(
    'as-the-password',
    ['password', 'passphrase', 'passwort', '密码'],
    /["'`](?<secret>[^\s"'`]{6,200})(?=["'`]\s{1,3}(?:as|for|was|is)\s(?:(?:a|an|the|his|her|their|its|our|my)\s)?(?:\w{1,20}\s)?(?:password|passphrase|passwort))/gi,
    ['he used "«Tr0ub4dor&3»" as the password'],
    ['"bob" as the password'],
    isStriking,
  ),
  said(
    'value-before-name',
    ['value'],
    /["']?value["']?\s{0,3}[:=]\s{0,3}["'](?<secret>[^"'\n]{4,400})(?=["'][\s,]{1,6}["']?(?:name|key)["']?\s{0,3}[:=]\s{0,3}["']?[\w.-]{0,40}?(?:pass|pwd|secret|token|api_?key))/gi,
    ['{"value":"«Tr0ub4dor&3»","name":"DB_PASSWORD"}'],
    ['{"value":"12","name":"policy"}'],
    isUnlikeWord,
  ),
  said(
    'words-as-passphrase',
    ['passphrase'],
    /passphrase["'*]{0,3}\s{0,3}[:=]\s{0,3}["'`]?(?<secret>[a-z]{3,12}(?:[ -][a-z]{3,12}){3,9})/gi,
    ['passphrase: «correct horse battery staple»'],
    ['passphrase: none'],
    () => true,
  ),
]
