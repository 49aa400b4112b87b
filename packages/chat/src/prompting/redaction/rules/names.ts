/** Each pattern matches one class of words, in many languages. The first class names secrets most surely. */
const PASSWORD_NAMES =
  'passw(?:or)?ds?|passwort|kennwort|passphrase|passcode|passwd|(?<![a-z])pass(?![a-z])|(?:db|my|user|admin|root|smtp|mail|store|key|ftp|http|login|sudo|become|auth-user-)pass(?![a-z])|(?<![a-z])pwd|(?:adm|user|db|cur|new|old|root|sys)pwd|(?<![a-z0-9])pw(?![a-z0-9])|(?<![a-z0-9])p(?:swd?|/w)(?![a-z0-9])|cpassword|p(?<gap>[ .-])a\\k<gap>s\\k<gap>s\\k<gap>w\\k<gap>o\\k<gap>r\\k<gap>d(?![a-z])|' +
  'mot de passe|(?<![a-z])mdp(?![a-z])|contraseña|contrasena|(?<![a-z])senha|hasło|heslo|lösenord|wachtwoord|adgangskode|passord|salasana|jelszó|şifre|parola(?![a-z])|mật khẩu|kata sandi|' +
  'пароль|паролем|пароля|κωδικός|סיסמה|كلمة المرور|كلمة السر|รหัสผ่าน|비밀번호|암호|パスワード|暗証番号|密码|密碼|口令|通行码|提取码|授权码'
const SECRET_NAMES =
  'secret|token|api[_ -]?key|access[_-]?key(?:[_-]?id)?|account[_-]?key|auth[_-]?key|(?:private|client|encryption|signing|master|license|ssh|storage|shared[_-]?access|preshared|pre-shared|service|deploy|primary|secondary|webhook|subscription|app|host|bot)[_-]?key|(?<![a-z])psk(?![a-z])|credentials?|connection[_-]?string|令牌|密钥|秘钥|密鑰|金鑰|密匙'
const SESSION_NAMES =
  'session[_-]?id|sessid|(?<![a-z])sid(?![a-z])|csrf|xsrf|(?:phpsess|jsession|aspsession)id|(?<![a-z])session(?![a-z])'
const PLAIN_KEY_NAMES = '(?<![a-z])(?:key|auth|sig|signature|code|ticket|nonce_secret|hmac)(?![a-z])'

const NAME_CLASSES = ['password', 'secret', 'session', 'key'] as const
export type NameClass = (typeof NAME_CLASSES)[number]

/** Holds a word that names a secret, such as `password`; the secret usually follows it. */
export interface SecretName {
  class: NameClass
  /** The word of the name begins at `start`; the name ends at `end`, with its suffix. */
  start: number
  end: number
  /** Holds the text that is joined to the word: `_PROD` in `DB_PASSWORD_PROD`. */
  suffix: string
  /** If true, the word alone also has other meanings: `pass` can be the result of a test, but `db_pass` cannot. */
  isWeak: boolean
}

const NAME = new RegExp(
  `(?<password>${PASSWORD_NAMES})|(?<secret>${SECRET_NAMES})|(?<session>${SESSION_NAMES})|(?<key>${PLAIN_KEY_NAMES})`,
  'giu',
)
/** Matches what is joined to a word of a name: `_PROD` in `PASSWORD_PROD`. */
const SUFFIX = /[A-Za-z0-9_.-]{0,40}(?<![.-])/y

/** Matches the suffix of a name that only describes a secret: `password_policy`, `tokenType`, `secretName`. */
const DESCRIBES_A_SECRET =
  /^(?:s?[._-]?(?:name|env(?![a-z])|ref|type|len|min|max|count|ids?(?![a-z])|age|day|policy|policies|hist|complex|expir|exp(?![a-z])|last|chang|hint|strength|score|require|enable|disable|attempt|fail|rotat|ttl|life|creat|updat|valid|status|state|source|provider|manager|store(?!pass)|locat|path|file|dir|url|uri|endpoint|field|column|label|prompt|mode|method|scheme|alg|format|encod|version|index|usage|used|limit|size|bits|issu|audien|scope|owner|descr|templ|form|page|spray|guess|crack|dump|less|protect|review|request|reset|renew|refreshed|bucket|kind|group|set(?![a-z])|revok|class|level|length|input|box|mismatch|error|auth|bytes|per|remaining|cost|price|budget|window|total|elevation)|ized?|izer?|ization)/i
/**
 * Matches a text before a word of a name if both together name something that is counted or is no secret: `max_` in
 * `max_tokens`, `next_` in `next_token`, `public_` in `public_key`.
 */
const BEFORE_NO_SECRET =
  /(?:^|[^a-z])(?:max|min|prompt|completion|input|output|total|num|cached|reasoning|next|page|continuation|sync|resume|cursor|public|primary|foreign|partition|sort|hot|cache|routing|row|group|idempotency|registry|not|no|non)[_-]?$/i
/** `BEFORE_NO_SECRET` checks this many characters: its longest word, a character before the word and a separator. */
const MAX_PRECEDING_CHARACTERS = 14

const WEAK_NAME = /^(?:pass|pw|p\/w|parola|senha|암호)$/i

/** Each name contains at least one of these keywords, in lower case. */
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
  for (const match of text.matchAll(NAME)) {
    const wordEnd = match.index + match[0].length
    SUFFIX.lastIndex = wordEnd
    // A value can directly follow a name in another script (`密码Zomer2026!`), so only Latin letters have a suffix.
    const suffix = /[a-z]$/i.test(match[0]) ? (SUFFIX.exec(text)?.[0] ?? '') : ''
    const before = text.slice(Math.max(0, match.index - MAX_PRECEDING_CHARACTERS), match.index)
    if (DESCRIBES_A_SECRET.test(suffix) || BEFORE_NO_SECRET.test(before)) continue
    names.push({
      class: NAME_CLASSES.find((nameClass) => match.groups?.[nameClass] !== undefined) ?? 'key',
      start: match.index,
      end: wordEnd + suffix.length,
      suffix,
      isWeak: WEAK_NAME.test(match[0]) && !/[\w-]$/.test(before),
    })
  }
  return names
}

/** This is the source of a pattern for the words of the classes `password` and `secret`. */
export const NAME_WORDS = `(?:${PASSWORD_NAMES}|${SECRET_NAMES})`
/** Returns true if a cell is the name of a secret, after a few words at most: `password`, `old DB password`. */
export const isSecretName = (cell: string): boolean => IS_NAME.test(cell.trim())
const IS_NAME = new RegExp(`^["'*_\`]{0,3}[\\w. -]{0,20}?${NAME_WORDS}(?:_?(?:value|plain|hash))?["'*_\`]{0,3}$`, 'iu')
