import { isUnlikeWord, looksLikePassword, mayBeSecret } from '../../checks.ts'
import type { SecretRule } from '../rule.ts'
import { createCommandRule } from './arguments.ts'

/** Matches a name of a program that is written in camel case: `authenticationFailureReason`. */
const CAMEL_CASE = /^[A-Za-z][a-z]+(?:[A-Z][a-z]+)+$/

/** These rules find secrets in the settings of routers, servers and clients that have no name such as `password`. */
export const SETTING_RULES: SecretRule[] = [
  createCommandRule('openvpn', 'auth-user-pass', /auth-user-pass[ \t]*\n[^\s]{1,64}\n(?<secret>[^\s]{3,200})/g, [
    'auth-user-pass\nvpnuser\n«Tr0ub4dor&3»',
  ]),
  createCommandRule(
    'router',
    ['key', 'md5'],
    /(?:\b(?:isakmp|tacacs-server|radius-server|ntp|tacacs|radius|shared-secret|server-key|authentication-key)\b[^\n]{0,80}?\bkey|\b(?:ntp|authentication-key)\b[^\n]{0,80}?\bmd5)\s+(?:\d\s+)?["']?(?<secret>[^\s"';]{4,200})/gi,
    [
      'crypto isakmp key «Tr0ub4dor&3» address 203.0.113.5',
      'tacacs-server key 7 «0822455D0A16544541»',
      'ntp server 192.0.2.1 md5 «Tr0ub4dor&3»',
    ],
    ['radius agent.exe md5 {hex 32}'],
    isUnlikeWord,
  ),
  createCommandRule(
    'snmp-community',
    'community',
    /\bsnmp[^\n]{0,80}?\bcommunity\s+["']?(?<secret>[^\s"';]{4,200})/gi,
    ['snmp-server community «2A0em4IKGe» RO', 'set snmp community "«corp-ro»" authorization read-only'],
    ['snmp-server community public RO', 'SNMP community strings'],
    isUnlikeWord,
  ),
  createCommandRule(
    'community',
    'community',
    // The setting is in a block of settings for SNMP. A sentence may begin with the same word. The group `rights`
    // matches the beginning of its rights. Routes have communities with a block, too: `members`.
    /(?:^|[{;"'>#])[ \t]{0,64}(?:set[ \t]{1,64})?community[ \t]{1,64}["']?(?<secret>[^\s"';[(<{][^\s"';]{3,200})(?<rights>["']?[ \t]{0,64}\{(?!\s{0,64}(?:members|invert-match)\b)|["']?[ \t]{1,64}authorization\b)?/gm,
    [
      'snmp {\n    community «2A0em4IKGe» {\n',
      '{"config":"community «2A0em4IKGe»;"}',
      'snmp {\n    community «corp-ro» {\n',
      'snmp {\n    community "«corp-ro»" {\n',
      'snmp {\n    community «n0c9» {\n',
      'snmp {\n    community «P@ssw0rd» {\n',
      'edit snmp\nset community «2A0em4IKGe» authorization read-only',
    ],
    [
      'Visual Studio Community 2022 was installed',
      'Neo4j Community 5.12.0 is vulnerable',
      'GitHub Community [Slack](https://x.example)',
      'community [Slack](https://x.example/?a=1)',
      'community support for keys',
      'community 2022',
      'snmp {\n    community public {\n',
      'policy-options {\n    community corp-lan {\n        members 65535:666;\n',
    ],
    (secret, { groups }) => (groups?.rights ? isUnlikeWord(secret) : looksLikePassword(secret)),
  ),
  createCommandRule(
    'dns-key',
    ['key', 'secret'],
    // A text without a digit may be the name of a field, unless it can be Base64 and a `;` ends the statement.
    /\b(?:key|secret)\s+"(?<secret>(?=[^"\n]{0,122}(?:\d|"\s{0,3};))[A-Za-z0-9+/]{20,120}={0,2})"/gi,
    ['key "«{base64 24}»";', 'secret "«{base64 44}»";', 'key "«abcdefghijklmnopqrstuvwx»";'],
    [
      'the key "authenticationFailureReason" is missing',
      'key "authenticationFailureReason";',
      'key "dnsUpdateKeyOfTheZone"; is named',
      'key "authenticationFailureCode";',
    ],
    (secret) => mayBeSecret(secret) && (/\d/.test(secret) || (secret.length % 4 === 0 && !CAMEL_CASE.test(secret))),
  ),
  createCommandRule(
    'pgpass',
    ':',
    /^(?:[\w-]{1,60}(?:\.[\w-]{1,60}){1,8}|localhost|\*):(?:\d{4,5}|\*):(?:[A-Za-z_][\w-]{0,62}|\*):[A-Za-z_][\w.-]{0,62}:(?<secret>[^\s:]{4,200})$/gm,
    ['db.corp.local:5432:prod:app:«Tr0ub4dor&3»'],
    ['fe80.example:8080:a:b:12:34'],
    isUnlikeWord,
  ),
]
