import { isRandom, isTechnical, isUnlikeWord, looksLikePassword, mayBeSecret } from '../checks.ts'
import { createStickyPattern, isPasswordName, trimValue, type ValuePattern } from './value-pattern.ts'

/** Matches the ending of a word that only describes a password: `required`, `mandatory`, `unknown`. */
const ENDING_OF_DESCRIPTION = /(?:ed|ing|ly|ble|less|ful|[ea]nt|ory|ary|ive|al|ic|word|ous|own|ose|en)$/i

/**
 * These patterns match a value that follows its name in a sentence. After the name of a password, the value must look
 * like one. After another name, such as `token`, most patterns accept only a random value, and the others accept none.
 */
export const SPOKEN_VALUES: readonly ValuePattern[] = [
  {
    id: 'next word',
    pattern: createStickyPattern('[ \\t]{1,4}(?<secret>[^\\s"\'`|，。；、！？（）]{4,200})'),
    accept: (secret, name) =>
      isPasswordName(name) ? looksLikePassword(trimValue(secret)) : isRandom(trimValue(secret)),
    hiddenSamples: [
      'they used password «Tr0ub4dor&3» on vpn',
      'netrc: login deploy password «Tr0ub4dor&3»',
      'setx API_TOKEN «{40}»',
      '[the password «Tr0ub4dor&3»](https://x.example/1)',
    ],
    keptSamples: [
      'Failed password for root1 from 192.0.2.1 port 22 ssh2',
      'password spraying against 214 accounts',
      'password sha256',
      '[Password Cracking](https://attack.mitre.org/techniques/T1110/002)',
      '[2FA Token Reusability](#2fa-token-reusability)',
    ],
  },
  {
    id: '"is" directly after the name',
    pattern: createStickyPattern(
      '["\']?[ \\t]{1,2}(?:is|was)[ \\t:]{1,3}["\'`]{0,2}(?<secret>[^\\s"\'`，。；、！？]{4,200})',
    ),
    accept: (secret, name) =>
      isPasswordName(name) ? isUnlikeWord(secret) && !isTechnical(trimValue(secret)) : isRandom(trimValue(secret)),
    hiddenSamples: ['the password is «Rh2ENpFg(.E78», as of today'],
    keptSamples: ['the password is 14_chars long', 'the password was changed; 3 failed'],
  },
  {
    id: 'up to four words, then a verb or preposition',
    pattern: createStickyPattern(
      '["\']?(?:[ \\t]{1,2}[\\p{L}\\d_.@-]{1,20}){0,4}?[ \\t]{1,2}(?:is|was|are|to|as|be|still|now|ist|war|lautet|es|est|é|è|jest|är)(?:[ \\t](?:still|now|set to|changed to|reset to))?[ \\t]{0,2}[:=]?[ \\t]{1,2}["\'`]?(?<secret>[^\\s"\'`，。；、！？]{4,200})',
    ),
    accept: (secret, name) =>
      isPasswordName(name)
        ? isUnlikeWord(trimValue(secret)) && looksLikePassword(trimValue(secret))
        : isRandom(trimValue(secret)),
    hiddenSamples: [
      'password was set to «Tr0ub4dor&3»',
      'the password for vpn is «Tr0ub4dor&3»',
      'das Passwort ist «Tr0ub4dor&3»',
    ],
    keptSamples: [
      'the password was changed; 3 failed',
      'The password policy requires 14 characters.',
      'the token is valid for 15m',
    ],
  },
  {
    id: 'new value of a change',
    pattern: createStickyPattern(
      '[^\\n.]{0,30}?[ \\t]from[ \\t]["\'`]?[^\\s"\'`]{4,100}["\'`]?[ \\t]to[ \\t]["\'`]?(?<secret>[^\\s"\'`]{4,200})',
    ),
    accept: (secret, name) => isPasswordName(name) && looksLikePassword(trimValue(secret)),
    hiddenSamples: ['password was changed from x1234 to «Tr0ub4dor&3»'],
    keptSamples: ['password length was raised from 8 characters to 14'],
  },
  {
    id: 'old value of a change',
    pattern: createStickyPattern(
      '[^\\n.]{0,30}?[ \\t]from[ \\t]["\'`]?(?<secret>[^\\s"\'`]{4,100})(?=["\'`]?[ \\t]to[ \\t])',
    ),
    accept: (secret, name) => isPasswordName(name) && looksLikePassword(trimValue(secret)),
    hiddenSamples: ['password was changed from «Winter2025» to x'],
    keptSamples: ['Failed password for root from 192.0.2.1 to 192.0.2.2'],
  },
  {
    id: 'plain word at the end of a line',
    pattern: createStickyPattern('[ \\t]{1,2}(?:is|was)[ \\t]{1,2}(?<secret>[a-z]{6,40})(?=[.!]?\\\\?(?:\\n|$))'),
    accept: (secret, name) => isPasswordName(name) && mayBeSecret(secret) && !ENDING_OF_DESCRIPTION.test(secret),
    hiddenSamples: ['password is «correcthorse»', 'password is «correcthorse»\\\nby anna'],
    keptSamples: ['the password is required', 'the password was stolen', 'the password is unknown'],
  },
  {
    id: 'Chinese, Japanese and Korean',
    pattern: createStickyPattern(
      '(?<=[^\\x00-\\x7f])(?:已?[被经]?(?:改|换|设置?|重置|修改|更改|变更?|恢复|统一)?[成为是到了]{0,3}|应该是|は|が|は次の通り|는|은)[ \\t:=]{0,3}[("\'`「『【《]{0,2}(?<secret>[!#-&(-;=?-_a-~]{4,200})',
      'yu',
    ),
    accept: (secret, name) =>
      isPasswordName(name)
        ? isUnlikeWord(trimValue(secret)) && /[A-Za-z]|\d{4}/.test(secret)
        : isRandom(trimValue(secret)),
    hiddenSamples: [
      '密码 «Tr0ub4dor&3»',
      '密码改成了«Tr0ub4dor&3»',
      '密码（«Tr0ub4dor&3»）',
      'パスワードは「«Tr0ub4dor&3»」です',
    ],
    keptSamples: ['密码策略要求 14 位', '口令喷洒攻击，来源 203.0.113.50', '密码学课程'],
  },
]
