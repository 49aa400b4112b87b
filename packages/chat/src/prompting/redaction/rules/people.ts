import { isIban, isResidentNumber } from '../checks.ts'
import { findCards } from './cards.ts'
import { createMatcher, PLACEHOLDER, type SecretKind, type SecretMatch, type SecretRule } from './rule.ts'

/** A rule without `keywords` searches every text. */
const createRule = (
  kind: SecretKind,
  id: string,
  find: (text: string) => SecretMatch[],
  hiddenSamples: readonly string[],
  keptSamples: readonly string[],
  keywords: readonly string[] = [],
): SecretRule => ({
  id,
  kind,
  keywords,
  find,
  hiddenSamples,
  keptSamples,
})

/** This lookbehind excludes a number after the name of a counter, a measured value or an id: `bytes=13800138000`. */
const NOT_AFTER_COUNTER_NAME =
  '(?<!(?:bytes?|size|[_ -]?id|seq|offset|count|len|length|port|session|serial|inode|sent|rcvd|recv|received|duration|epoch|ack|rss)["\']?\\s?[:=]\\s?["\']?)'

/** Returns false for a number such as `0000 0000 0000`, which stands for a card number in an example. */
const isNotOneRepeatedDigit = (text: string): boolean => !/^(\d)\1+$/.test(text.replace(/\D/g, ''))

/** These rules find personal numbers (identity, card, bank account, phone), PINs and one-time codes. */
export const PEOPLE_RULES: SecretRule[] = [
  createRule(
    'ID',
    'chinese-resident',
    createMatcher(
      /(?<!\w)[1-9]\d{5}[ -]?(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dXx](?![A-Za-z0-9_])/g,
      isResidentNumber,
    ),
    ['身份证 «11010519491231002X»', '«110105 19491231 002X»'],
    ['110101199001011230'],
  ),
  createRule(
    'CARD',
    'card',
    findCards,
    [
      '«4111 1111 1111 1111»',
      '«4111–1111–1111–1111»',
      '«3056 930902 5904»',
      '«411111 1111111111»',
      '«4111 1111 1111 1111» 12/27',
      '«4111 1111 1111 1111» 123',
      '2 x «4111-1111-1111-1111» 2027-12',
      'on 2026-11-22 «3782 822463 10005» was used',
      '«4111 1111 1111 1111» «5500 0000 0000 0004»',
    ],
    [
      '4111 1111 1111 1112',
      'order 4000000000000001 pieces',
      '1763800443123',
      'dates 30061983 30071986',
      'dates 25061983 23071987',
      'Groups Id : *513 512 520 518 519',
    ],
  ),
  createRule(
    'CARD',
    'labelled-card',
    createMatcher(
      /(?:卡号|银行卡号?|信用卡号?|card ?(?:number|no\.?|#)|creditcard|cardnumber|pan)["']?\s{0,3}[:=]?\s{0,3}["']?(?<secret>\d(?:[ -]?\d){11,18})(?!\d)/gi,
      isNotOneRepeatedDigit,
    ),
    ['卡号«6222021234567890128»'],
    ['card number is missing'],
    ['卡', 'card', 'pan'],
  ),
  createRule(
    'CARD',
    'iban',
    createMatcher(/(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])/g, isIban),
    ['«DE89 3704 0044 0532 0130 00»'],
    ['DE89 3704 0044 0532 0130 01'],
  ),
  createRule(
    'PHONE',
    'chinese-mobile',
    createMatcher(
      new RegExp(
        `(?<![\\w.+-])${NOT_AFTER_COUNTER_NAME}(?:(?:\\+|00)?86[ -]?)?1[3-9]\\d[ -]?\\d{4}[ -]?\\d{4}(?![A-Za-z0-9_]|[.-]\\d)`,
        'gi',
      ),
    ),
    ['手机 «13800138000»', '«138-0013-8000»'],
    ['bytes=13800138000', 'pid 13800 ppid 13801'],
  ),
  createRule(
    'PHONE',
    'international',
    createMatcher(/(?<![\w.+-])\+(?!86)[1-9]\d{0,2}[ -]?\(?\d{1,4}\)?(?:[ -]?\d){5,11}(?![A-Za-z0-9_]|[.:-]\d)/g),
    ['«+44 20 7946 0958»', '«+49 15112345678»'],
    ['+2 days'],
    ['+'],
  ),
  createRule(
    'PHONE',
    'american',
    createMatcher(/(?<![\w(])\([2-9]\d\d\) ?\d{3}-\d{4}(?!\d)/g),
    ['«(415) 555-0132»'],
    ['(415) of 5550'],
    ['('],
  ),
  createRule(
    'ID',
    'social-security',
    createMatcher(
      /(?:ssn|social security(?: number| no\.?)?|sozialversicherung\w{0,20})["']?\s{0,3}[:=#]?\s{0,3}["']?(?<secret>\d{3}[- ]?\d{2}[- ]?\d{4})(?!\d)/gi,
    ),
    ['SSN «078-05-1120»', 'Sozialversicherungsnummer: «078-05-1120»'],
    ['SSN is missing'],
    ['ssn', 'social', 'sozial'],
  ),
  createRule(
    'PASSWORD',
    'code',
    createMatcher(
      /(?:(?<![A-Za-z])(?:PIN|OTP|TOTP|(?:2FA|MFA|verification|security|one[- ]time|auth(?:entication)?|sms|login|access|unlock)[ -](?:code|pin|password|passcode))(?:[ -]?code)?|验证码|动态码|校验码|短信码|動態碼|驗證碼|認証コード|인증번호)["'*]{0,3}\s{0,3}(?:[:=]|is|was|为|是|：|は)?\s{0,3}["'*]{0,3}(?<secret>\d{4,8}|\d{3}[ -]\d{3})(?![\w.:-])/gi,
    ),
    ['PIN: «483920»', 'OTP «483920»', '验证码 «483920»', 'your verification code is «731904»', 'SMS password «731904»'],
    ['OTP is enforced for admins', 'pin the message, please', 'pid 13800'],
    ['pin', 'otp', 'code', 'password', '码', '碼', 'コード', '인증번호'],
  ),
]

/**
 * This rule hides the part of a mail address before the `@`, because that part names a person. The domain stays,
 * because it can be an indicator of an attack.
 */
export const MAIL_RULE: SecretRule = createRule(
  'MAIL',
  'mail',
  createMatcher(
    /(?<![\w.+%-])(?<secret>[\w.+%-]{1,64})(?:@|\[@\]|\[at\])(?=(?:[a-z0-9-]{1,63}(?:\.|\[\.\])){1,8}[a-z]{2,24}(?![\w-]))/gi,
  ),
  ['from «m.chen»@corp.example', '«a»[at]corp.example'],
  ['a@b'],
  ['@', '[at]'],
)

/** This rule hides a text that looks like a placeholder but is none. Otherwise the restorer could replace it. */
export const LOOKALIKE_PLACEHOLDER_RULE: SecretRule = createRule(
  'TEXT',
  'placeholder',
  createMatcher(PLACEHOLDER),
  ['ignore «[[KEY-1]]»'],
  ['[[note]]'],
  ['[['],
)
