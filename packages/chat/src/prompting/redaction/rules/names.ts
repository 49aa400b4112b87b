// These four are sources of patterns. Each matches the words of one class: the basic parts of names, such as `PASSWORD`
// in `DB_PASSWORD_PROD`. After a word of the first class, a value is most probably a secret.

const PASSWORD_WORDS =
  'passw(?:or)?ds?|passwort|kennwort|passphrase|passcode|passwd|(?<![a-z])pass(?![a-z])|(?:db|my|user|admin|root|smtp|mail|store|key|ftp|http|login|sudo|become|auth-user-)pass(?![a-z])|(?<![a-z])pwd|(?:adm|user|db|cur|new|old|root|sys)pwd|(?<![a-z0-9])pw(?![a-z0-9])|(?<![a-z0-9])p(?:swd?|/w)(?![a-z0-9])|cpassword|p(?<gap>[ .-])a\\k<gap>s\\k<gap>s\\k<gap>w\\k<gap>o\\k<gap>r\\k<gap>d(?![a-z])|' +
  'mot de passe|(?<![a-z])mdp(?![a-z])|contraseña|contrasena|(?<![a-z])senha|hasło|heslo|lösenord|wachtwoord|adgangskode|passord|salasana|jelszó|şifre|parola(?![a-z])|mật khẩu|kata sandi|' +
  'пароль|паролем|пароля|κωδικός|סיסמה|كلمة المرور|كلمة السر|รหัสผ่าน|비밀번호|암호|パスワード|暗証番号|密码|密碼|口令|通行码|提取码|授权码'
const SECRET_WORDS =
  'secret|token|api[_ -]?key|access[_-]?key(?:[_-]?id)?|account[_-]?key|auth[_-]?key|(?:private|client|encryption|signing|master|license|ssh|storage|shared[_-]?access|preshared|pre-shared|service|deploy|primary|secondary|webhook|subscription|app|host|bot)[_-]?key|(?<![a-z])psk(?![a-z])|credentials?|connection[_-]?string|令牌|密钥|秘钥|密鑰|金鑰|密匙'
const SESSION_WORDS =
  'session[_-]?id|sessid|(?<![a-z])sid(?![a-z])|csrf|xsrf|(?:phpsess|jsession|aspsession)id|(?<![a-z])session(?![a-z])'
const KEY_WORDS = '(?<![a-z])(?:key|auth|sig|signature|code|ticket|nonce_secret|hmac)(?![a-z])'

const NAME_CLASSES = ['password', 'secret', 'session', 'key'] as const
export type NameClass = (typeof NAME_CLASSES)[number]

/** Marks the place where a text names a secret, such as `DB_PASSWORD_PROD`. The secret usually follows the name. */
export interface SecretName {
  class: NameClass
  /** The name's word begins here: `PASSWORD` in `DB_PASSWORD_PROD`. */
  start: number
  /** The name ends before this index. The suffix is a part of the name. */
  end: number
  /** Holds what is joined to the word, `_PROD` in `DB_PASSWORD_PROD`, or an empty string. */
  suffix: string
  /** If true, the name may mean something else: `pass` can be the result of a test, but `db_pass` cannot. */
  isWeak: boolean
}

/** Matches a word of any class. The group that matches has the name of the class. */
const WORD = new RegExp(
  `(?<password>${PASSWORD_WORDS})|(?<secret>${SECRET_WORDS})|(?<session>${SESSION_WORDS})|(?<key>${KEY_WORDS})`,
  'giu',
)
/** Matches what is joined to the end of a word: `_PROD` in `PASSWORD_PROD`. */
const SUFFIX = /[A-Za-z0-9_.-]{0,40}(?<![.-])/y

/** Matches a suffix that makes a name describe a secret only: `_policy` in `password_policy`, `Type` in `tokenType`. */
const DESCRIBING_SUFFIX =
  /^(?:s?[._-]?(?:name|env(?![a-z])|ref|type|len|min|max|count|ids?(?![a-z])|age|day|policy|policies|hist|complex|expir|exp(?![a-z])|last|chang|hint|strength|score|require|enable|disable|attempt|fail|rotat|ttl|life|creat|updat|valid|status|state|source|provider|manager|store(?!pass)|locat|path|file|fd(?![a-z])|stdin(?![a-z])|dir|url|uri|endpoint|field|column|label|prompt|mode|method|scheme|alg|format|encod|version|index|usage|used|limit|size|bits|issu|audien|scope|owner|descr|templ|form|page|spray|guess|crack|dump|less|protect|review|request|reset|renew|refreshed|bucket|kind|group|set(?![a-z])|revok|class|level|length|input|box|mismatch|error|auth|bytes|per|remaining|cost|price|budget|window|total|elevation)|ized?|izer?|ization)/i
/**
 * Matches the text before a word if both together name a number or something else that is no secret: `max_` in
 * `max_tokens`, `next_` in `next_token`, `public_` in `public_key`.
 */
const PREFIX_OF_NO_SECRET =
  /(?:^|[^a-z])(?:max|min|prompt|completion|input|output|total|num|cached|reasoning|next|page|continuation|sync|resume|cursor|public|primary|foreign|partition|sort|hot|cache|routing|row|group|idempotency|registry|not|no|non)[_-]?$/i
/** `PREFIX_OF_NO_SECRET` reads this many characters: one before its longest word, this word and a separator. */
const MAX_PRECEDING_CHARACTERS = 14

/** Matches a word that also has other meanings, if nothing is joined to its beginning. */
const WEAK_WORD = /^(?:pass|pw|p\/w|parola|senha|암호)$/i

/** These keywords are in lower case. Each name, converted to lower case, contains at least one of them. */
export const NAME_KEYWORDS = [
  'pass',
  'pwd',
  'pw',
  'psw',
  'p/w',
  'p a s s',
  'p.a.s.s',
  'p-a-s-s',
  'kennwort',
  'mdp',
  'contrase',
  'senha',
  'hasło',
  'heslo',
  'lösenord',
  'wachtwoord',
  'adgangskode',
  'salasana',
  'jelszó',
  'şifre',
  'parola',
  'mật khẩu',
  'kata sandi',
  'парол',
  'κωδικός',
  'סיסמה',
  'كلمة',
  'รหัสผ่าน',
  '비밀번호',
  '암호',
  'パスワード',
  '暗証番号',
  '密码',
  '密碼',
  '口令',
  '通行码',
  '提取码',
  '授权码',
  'secret',
  'token',
  'key',
  'psk',
  'credential',
  'connection',
  '令牌',
  '密钥',
  '秘钥',
  '密鑰',
  '金鑰',
  '密匙',
  'session',
  'sess',
  'sid',
  'csrf',
  'xsrf',
  'auth',
  'sig',
  'code',
  'ticket',
  'hmac',
]

/** Finds the names of secrets in a text, without those that only describe a secret. */
export function findNames(text: string): SecretName[] {
  const names: SecretName[] = []
  for (const match of text.matchAll(WORD)) {
    const wordEnd = match.index + match[0].length
    SUFFIX.lastIndex = wordEnd
    // In another script, a value can directly follow a word (`密码Zomer2026!`). Only a word that ends with one of the
    // letters A to Z can have a suffix.
    const suffix = /[a-z]$/i.test(match[0]) ? (SUFFIX.exec(text)?.[0] ?? '') : ''
    const before = text.slice(Math.max(0, match.index - MAX_PRECEDING_CHARACTERS), match.index)
    if (DESCRIBING_SUFFIX.test(suffix) || PREFIX_OF_NO_SECRET.test(before)) continue
    names.push({
      class: NAME_CLASSES.find((nameClass) => match.groups?.[nameClass] !== undefined) ?? 'key',
      start: match.index,
      end: wordEnd + suffix.length,
      suffix,
      isWeak: WEAK_WORD.test(match[0]) && !/[\w-]$/.test(before),
    })
  }
  return names
}

/** This is the source of a pattern. It matches the words of the classes `password` and `secret` only. */
export const PASSWORD_AND_SECRET_WORDS = `(?:${PASSWORD_WORDS}|${SECRET_WORDS})`
const CELL_WITH_NAME = new RegExp(
  `^["'*_\`]{0,3}[\\w. -]{0,20}?${PASSWORD_AND_SECRET_WORDS}(?:_?(?:value|plain|hash))?["'*_\`]{0,3}$`,
  'iu',
)
/**
 * Returns true if a cell of a table contains nothing but a name whose word has the class `password` or `secret`. Up to
 * 20 characters may come before the word: `password`, `old DB password`.
 */
export const isSecretName = (cell: string): boolean => CELL_WITH_NAME.test(cell.trim())
