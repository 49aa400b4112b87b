import { type Accept, createMatcher, type SecretRule } from './rule.ts'

const createHashRule = (
  id: string,
  keywords: readonly string[],
  pattern: RegExp,
  hiddenSamples: readonly string[],
  keptSamples: readonly string[] = [],
  accept?: Accept,
): SecretRule => ({
  id,
  kind: 'PASSWORD',
  keywords,
  find: createMatcher(pattern, accept),
  hiddenSamples,
  keptSamples,
})

/**
 * Matches a text that ends with the name of a user (`anna`) or with the user's number in Windows (`:500`). It does not
 * match the name of a file (`a.exe`) or of a TLS fingerprint (`ja3`, `ja4`).
 */
const ENDS_WITH_USER =
  /:\d{1,10}$|(?:^|[\s"'[(=,;>])(?!ja[34])(?![\w.-]{1,60}\.(?:exe|dll|sys|bin|ps1|zip|doc[xm]?|pdf|js|vbs|elf|so|jar|apk|iso|lnk|msi)$)[\w.$@\\-]{1,64}$/i
/** `ENDS_WITH_USER` reads this many characters. It needs at most 65: a name and the character before it. */
const MAX_PRECEDING_CHARACTERS = 80

/**
 * These rules find hashes of passwords, which an attacker can crack or use to sign in. The hash of a file is no secret
 * and is not replaced: it is an indicator of compromise, by which others recognize the file.
 */
export const HASH_RULES: SecretRule[] = [
  createHashRule(
    'crypt',
    [
      '$1$',
      '$2',
      '$5$',
      '$6$',
      '$7$',
      '$y$',
      '$gy$',
      '$sha1$',
      '$apr1$',
      '$md5',
      '$p$',
      '$h$',
      '$s$',
      '$8$',
      '$9$',
      '$14$',
    ],
    /\$(?:[156789y]|14|2[abxy]?|gy|sha1|apr1|md5(?:,rounds=\d{1,10})?|[PHS])\$[./A-Za-z0-9$=,+]{18,300}/g,
    [
      'root:«$6$rounds=5000$·{16}$·{86}»:19000:0:',
      'admin:«$apr1$·{8}$·{22}»',
      '«$2b$12$·{53}»',
      'root:«$md5$·{8}$$·{22}»:19000::', // Solaris writes this and the next form.
      'root:«$md5,rounds=5000$·{8}$$·{22}»:19000::',
    ],
    ['cost is $1 and $2'],
  ),
  createHashRule(
    'argon2-scrypt-and-pbkdf2',
    ['argon2', 'scrypt', 'pbkdf2', 'bcrypt_sha256'],
    /(?:\$(?:argon2(?:id|i|d)|scrypt|pbkdf2(?:-sha\d+)?)|pbkdf2[_:]sha\d+|scrypt|bcrypt_sha256|argon2)\$?[$:][A-Za-z0-9$=,.+/:-]{20,400}/g,
    [
      '«$argon2id$v=19$m=19456,t=2,p=1$·{22}$·{43}»',
      '«pbkdf2_sha256$600000$·{22}$·{base64 43}=»',
      '«pbkdf2:sha256:600000$·{16}$·{hex 64}»',
      '«scrypt$·{22}$16384$8$1$·{base64 86}==»',
    ],
  ),
  createHashRule('kerberos-ticket', ['$krb5'], /\$krb5(?:tgs|asrep|pa|db)\$[^\s"'<>]{20,20000}/g, [
    '«$krb5asrep$23$user@CORP:{hex 32}$·{hex 200}»',
  ]),
  createHashRule(
    'net-ntlm',
    ['::'],
    /(?<![^\s"'[(=,;>])[^\s:"']{1,64}::[^\s:"']{0,64}:(?<secret>[0-9a-f]{16}:[0-9a-f]{32}:[0-9a-f]{20,4000}|[0-9a-f]{48}:[0-9a-f]{48}:[0-9a-f]{16})/gi,
    ['admin::CORP:«1122334455667788:{hex 32}:{hex 200}»'],
    ['2001:db8::7 and std::map::iterator'],
  ),
  createHashRule(
    'lm-and-nt-of-a-user',
    [':'],
    /:(?<secret>[0-9a-f]{32}:[0-9a-f]{32})(?![\w-])/gi,
    [
      'Administrator:500:«{hex 32}:{hex 32}»:::',
      'Administrator:500:«{hex 32}:{hex 32}»',
      'anna:«{hex 32}:{hex 32}»',
      'CORP\\svc$:«{hex 32}:{hex 32}»:::',
    ],
    ['ja3: 769:{hex 32}', 'ja3s:{hex 32}:{hex 32}', 'update.exe:{hex 32}:{hex 32}', 'anna:{hex 32}'],
    (_, { input, index }) => ENDS_WITH_USER.test(input.slice(Math.max(0, index - MAX_PRECEDING_CHARACTERS), index)),
  ),
  createHashRule(
    'named-nt-hash',
    ['hash'],
    /(?<![a-z])(?:nt|lm|ntlm)[ _-]?hash(?:es)?(?:[ _-]of[ ][\w.\\$-]{1,64})?["']?\s{0,8}(?:[:=]|is|was)\s{0,3}["']?(?<secret>(?:[0-9a-f]{32}:)?[0-9a-f]{32})(?![\w-])/gi,
    [
      'NTHash: «{hex 32}»',
      '"nt_hash": "«{hex 32}»"',
      'NTLM hash of anna is «{hex 32}»',
      'LMHash = «{hex 32}:{hex 32}»',
    ],
    ['NTHash: none', 'the hash: {hex 32}'],
  ),
  createHashRule(
    'kerberos-key',
    ['-cts-hmac-'],
    /aes(?:128|256)-cts-hmac-sha\d+-\d+:(?<secret>[0-9a-f]{32,64})(?![\w-])/gi,
    ['krbtgt:aes256-cts-hmac-sha1-96:«{hex 64}»'],
  ),
  // The first hash is the LM hash of an empty password. It shows that an NT hash follows, even without a user.
  createHashRule('empty-lm-and-nt', ['aad3b435b51404ee'], /aad3b435b51404eeaad3b435b51404ee:[0-9a-f]{32}/gi, [
    '«aad3b435b51404eeaad3b435b51404ee:{hex 32}»',
  ]),
  createHashRule('cached-logon', ['$dcc2$', '$dcc$', '$mskrb5$'], /\$(?:DCC2?|mskrb5)\$[^\s"'<>]{20,300}/gi, [
    '«$DCC2$10240#admin#{hex 32}»',
  ]),
  createHashRule(
    'ldap',
    ['{ssha', '{sha', '{smd5}', '{crypt}', '{pbkdf2', '{argon2'],
    /\{(?:SSHA\d*|SHA\d*|SMD5|CRYPT|PBKDF2[\w-]*|ARGON2)\}[A-Za-z0-9+/$.=,]{16,400}/gi,
    ['«{SSHA}{base64 32}»'],
  ),
  createHashRule(
    'database-and-grub',
    ['scram-sha-', '0x0200', '$a$005$', 'grub.pbkdf2'],
    /SCRAM-SHA-\d+\$\d+:[A-Za-z0-9+/=$:]{20,300}|\b0x0200[0-9A-F]{136}\b|\$A\$005\$[^\s"']{40,90}|grub\.pbkdf2\.sha512\.\d+\.[0-9A-F.]{100,400}/gi,
    ['«SCRAM-SHA-256$4096:{base64 24}$x:y»'],
  ),
]
