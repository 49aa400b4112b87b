import { isCardNumber, isNoWord, isResidentNumber, isValue } from './checks.ts'

/** What stands in a placeholder: capitals only. `TEXT` is text that looks like a placeholder and is none. */
export type SecretKind = 'KEY' | 'TOKEN' | 'PASSWORD' | 'COOKIE' | 'CARD' | 'ID' | 'PHONE' | 'MAIL' | 'TEXT'

export interface SecretRule {
  kind: SecretKind
  /** Where it has a group `secret`, that is what is hidden; else all of it. */
  pattern: RegExp
  accept?: (secret: string) => boolean
}

// The formats are public facts that their issuers document; which ones to look for follows the rule set of gitleaks
// (github.com/gitleaks/gitleaks, MIT), as of its version 8.28. No rule can take long on hostile text: every repetition is bounded
// or can't fail after it began.

const KEYS: RegExp[] = [
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\s\\]|[A-Z][A-Za-z-]{1,20}: [^\n]{0,200}\n)*(?:-----END [A-Z0-9 ]{0,40}-----)?/g,
  /PuTTY-User-Key-File-\d: [^\n]{1,80}\n(?:[^\n]{0,200}\n){0,100}?Private-MAC: [0-9a-f]{40,64}/g,
  /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/g,
  /\b(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g, // AWS
  /\bLTAI[A-Za-z0-9]{12,20}\b/g, // Alibaba Cloud
  /\bAKID[A-Za-z0-9]{13,40}\b/g, // Tencent Cloud
  /\bAIza[\w-]{35}(?![\w-])/g, // Google
  /\bsk-(?:ant-|proj-|svcacct-|admin-|or-v1-)?[A-Za-z0-9_-]{20,200}/g, // OpenAI, Anthropic, DeepSeek, OpenRouter and others
  /\b(?:sk|rk|pk)_(?:test|live|prod)_[A-Za-z0-9]{10,99}\b/g, // Stripe
  /\bwhsec_[A-Za-z0-9+/=]{24,80}/g,
  /\bSG\.[\w-]{16,32}\.[\w-]{32,64}/g, // SendGrid
  /\bSK[0-9a-f]{32}\b/g, // Twilio
  /\bkey-[0-9a-f]{32}\b/g, // Mailgun
  /\bNRAK-[A-Z0-9]{27}\b/g, // New Relic
  /\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}\b/g, // Postman
  /\bA3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}\b/g, // 1Password
  /\b[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}/g, // Microsoft Entra
  /(?<=AccountKey=|SharedAccessKey=)[A-Za-z0-9+/]{40,90}={0,2}/gi, // Azure storage and queues
  /\bAKCp[A-Za-z0-9]{69}\b/g, // Artifactory
]

const TOKENS: RegExp[] = [
  /\beyJ[A-Za-z0-9_-]{10,4000}\.eyJ[A-Za-z0-9_-]{10,8000}(?:\.[A-Za-z0-9_-]{0,2000})?/g, // JWT
  /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{22,255})\b/g,
  /\bgl(?:pat|dt|rt|oas|soat|cbt|ptt|ft|imt|agent|ffct)-[\w-]{20,300}/g, // GitLab
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,250}/g, // Slack
  /\bxapp-\d-[A-Z0-9]{6,20}-\d{6,20}-[A-Za-z0-9]{20,100}/g,
  /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[A-Za-z0-9+/]{30,80})/g,
  /(?:oapi\.dingtalk\.com\/robot\/send\?access_token=|qyapi\.weixin\.qq\.com\/cgi-bin\/webhook\/send\?key=)(?<secret>[\w-]{20,80})/g,
  /open\.(?:feishu\.cn|larksuite\.com)\/open-apis\/bot\/v2\/hook\/(?<secret>[\w-]{20,60})/g,
  /discord(?:app)?\.com\/api\/webhooks\/(?<secret>\d{17,20}\/[\w-]{60,80})/g,
  /\b[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,40}/g, // Discord
  /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g, // Telegram
  /\bya29\.[\w-]{20,500}/g, // Google OAuth
  /\b(?:npm_[A-Za-z0-9]{36}|pypi-AgEIcHlwaS5vcmc[\w-]{50,1000}|rubygems_[a-f0-9]{48}|dckr_pat_[\w-]{20,60}|CLOJARS_[a-z0-9]{60})/g,
  /\b(?:hf_[A-Za-z0-9]{34}|api_org_[A-Za-z]{34})\b/g, // Hugging Face
  /\bhv[sbr]\.[\w-]{24,300}/g, // HashiCorp Vault
  /\b[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}/g, // Terraform Cloud
  /\bdo[opr]_v1_[a-f0-9]{64}\b/g, // DigitalOcean
  /\bdapi[a-f0-9]{32}(?:-\d)?\b/g, // Databricks
  /\bdp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{40,60}/g, // Doppler
  /\b(?:glc_[A-Za-z0-9+/]{32,400}={0,3}|glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8})/g, // Grafana
  /\b(?:lin_api_[A-Za-z0-9]{40}|ntn_[A-Za-z0-9]{40,50}|secret_[A-Za-z0-9]{43}|figd_[\w-]{38,44})\b/g,
  /\b(?:pscale_(?:tkn|pw|oauth)_[\w=.-]{32,64}|pul-[a-f0-9]{40}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|sntrys_eyJ[A-Za-z0-9+/=_]{80,400}|sntryu_[a-f0-9]{64})\b/g,
  /\b(?:sq0(?:atp|csp|idp)-[\w-]{22,43}|EAAA[\w-]{60})/g, // Square
  /\bATATT3[\w=-]{100,250}/g, // Atlassian
  /\b(?:tfp_[\w-]{40,60}|fo1_[\w-]{43}|fm[12][ar]?_[A-Za-z0-9+/]{100,500}={0,3}|v1\.0-[a-f0-9]{24}-[a-f0-9]{146}|ops_eyJ[A-Za-z0-9+/]{250,2000}={0,3})/g,
]

/** In any case, in any language's way to set it: `DB_PASSWORD=…`, `"api_key": "…"`, `口令：…`. */
const NAMES =
  '(?:passw(?:or)?d|passphrase|passcode|(?<![a-z])pass|(?<![a-z])pwd|secret|token|api[_-]?key|apikey|access[_-]?key(?:[_-]?id)?|account[_-]?key|auth[_-]?key|private[_-]?key|encryption[_-]?key|signing[_-]?key|master[_-]?key|license[_-]?key|credentials?|session[_-]?id|sessid|csrf|connection[_-]?string|密码|口令|令牌|密钥|秘钥)'
const BETWEEN = '[A-Za-z0-9_]{0,24}["\'\\]]{0,2}[ \\t]{0,4}(?:=>|:=|={1,2}|:|：|＝)[ \\t]{0,4}'
const BARE =
  '[^\\s"\'`<>，。；、（）](?:[^\\s"\'`<>;&,，。；、（）]|[;&,](?!\\s|$|[\\w.-]{1,40}=)|["\'](?![\\s,;)}\\]]|$)){3,500}'
const VALUE = `(?:"(?<quoted>(?:[^"\\\\\\n]|\\\\.){3,2000})"|'(?<single>[^'\\n]{3,2000})'|(?<secret>${BARE}))`

const SAID: SecretRule[] = [
  { kind: 'PASSWORD', pattern: new RegExp(`${NAMES}${BETWEEN}${VALUE}`, 'gi'), accept: isValue },
  {
    kind: 'KEY',
    pattern:
      /(?<![a-z])(?:key|auth|sig|signature)["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?<secret>[A-Za-z0-9+/_=-]{20,500})/gi,
    accept: (secret) => /\d/.test(secret) && /[a-z]/i.test(secret),
  },
  {
    kind: 'PASSWORD',
    pattern:
      /(?:password|passphrase|passcode|token|密码|口令|令牌|密钥)[ \t]{0,2}(?:\bis\b|\bwas\b|是|为)[ \t:："'`]{0,4}(?<secret>[!-~]{4,200}?)(?=["'`]?[.,;!?]?(?:\s|$)|[，。；、！？])/gi,
    accept: isNoWord,
  },
  {
    kind: 'PASSWORD',
    pattern: /--?(?:password|passwd|pass|pwd|token|secret|api-?key|auth)[ =]["']?(?<secret>[^\s"']{4,500})/gi,
    accept: isValue,
  },
  { kind: 'PASSWORD', pattern: /\bnet1?\s+user\s+[^\s/]{1,64}\s+(?<secret>[^\s/*][^\s]{3,200})/gi, accept: isNoWord },
  { kind: 'PASSWORD', pattern: /\bsshpass\s+-p\s*["']?(?<secret>[^\s"']{1,200})/gi },
  { kind: 'PASSWORD', pattern: /\bmysql\w{0,10}\b[^\n|;]{0,200}?\s-p(?<secret>[^\s]{4,200})/g },
  {
    kind: 'PASSWORD',
    pattern: /\b(?:curl|wget)\b[^\n|;]{0,300}?\s(?:-u|--user)[ =]["']?[^\s:"']{1,64}:(?<secret>[^\s"']{1,200})/g,
  },
  {
    kind: 'PASSWORD',
    pattern:
      /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/?#"'<>]{0,100}:(?<secret>[^\s"'<>]{1,200}?)@(?=[\w.[\]-]{1,253}(?::\d{1,5})?(?:[/?#\s"'<>,;)，。；]|$))/gi,
    accept: (secret) => !/^\d{1,5}\//.test(secret), // a port, and an @ in the path
  },
  {
    kind: 'TOKEN',
    pattern:
      /\bauthorization["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?:(?:Bearer|Basic|Digest|Negotiate|NTLM|Token|AWS4-HMAC-SHA256)[ \t]{1,4})?(?<secret>[^\s"']{6,4000})/gi,
  },
  { kind: 'TOKEN', pattern: /\b(?:bearer|basic)[ \t]{1,4}(?<secret>[A-Za-z0-9._~+/=-]{8,4000})/gi, accept: isNoWord },
  { kind: 'COOKIE', pattern: /\b(?:set-)?cookie["']?[ \t]{0,4}:[ \t]{0,4}["']?(?<secret>[^\r\n"']{4,4000})/gi },
]

const PERSONAL: SecretRule[] = [
  {
    kind: 'ID',
    pattern: /(?<!\w)[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![A-Za-z0-9_])/g,
    accept: isResidentNumber,
  },
  { kind: 'CARD', pattern: /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![A-Za-z0-9_]|[.-]\d)/g, accept: isCardNumber },
  { kind: 'PHONE', pattern: /(?<![\w.+-])(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![A-Za-z0-9_]|[.-]\d)/g },
  {
    kind: 'PHONE',
    pattern: /(?<![\w.+-])\+(?!86)[1-9]\d{0,2}[ -]?\(?\d{1,4}\)?(?:[ -]?\d){5,11}(?![A-Za-z0-9_]|[.:-]\d)/g,
  },
]

/** The name is a person's; the domain behind it is an indicator and stays. */
const MAIL: SecretRule = {
  kind: 'MAIL',
  pattern:
    /(?<![\w.+%-])(?<secret>[\w.+%-]{1,64})(?:@|\[@\]|\[at\])(?=(?:[a-z0-9-]{1,63}(?:\.|\[\.\])){1,8}[a-z]{2,24}(?![\w-]))/gi,
}

/** Text of others that looks like a placeholder is hidden too, so that it can't be taken for one. */
const LOOKALIKE: SecretRule = { kind: 'TEXT', pattern: /\[\[[A-Z]{2,8}-\d{1,4}\]\]/g }

const BASE: SecretRule[] = [
  ...KEYS.map((pattern): SecretRule => ({ kind: 'KEY', pattern })),
  ...TOKENS.map((pattern): SecretRule => ({ kind: 'TOKEN', pattern })),
  ...SAID,
  ...PERSONAL,
  LOOKALIKE,
]

/** The ones before count where two find the same place. */
export const secretRules = ({ mail }: { mail: boolean }): SecretRule[] => (mail ? [...BASE, MAIL] : BASE)
