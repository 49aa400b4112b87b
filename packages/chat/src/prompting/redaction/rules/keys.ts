import { isRandom } from '../checks.ts'
import { createFormatRuleFactory, type SecretRule } from './rule.ts'

// The issuers of these keys document their formats. Most of the patterns follow the rule set of gitleaks 8.28
// (github.com/gitleaks/gitleaks, MIT). The others follow the rule set of TruffleHog.

const createKeyRule = createFormatRuleFactory('KEY')

/** These rules find keys of services, wallets and programs. Most of them stay valid until somebody replaces them. */
export const KEY_RULES: SecretRule[] = [
  createKeyRule(
    'aws-key-id',
    ['a3t', 'akia', 'asia', 'abia', 'acca'],
    /(?<![A-Za-z0-9])(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])/g,
    '«AKIA{upper 16}» was used',
  ),
  createKeyRule('alibaba-key-id', 'ltai', /(?<![A-Za-z0-9])LTAI[A-Za-z0-9]{12,26}(?![A-Za-z0-9])/g, '«LTAI5t{18}»'),
  createKeyRule('tencent-key-id', 'akid', /(?<![A-Za-z0-9])AKID[A-Za-z0-9]{13,40}(?![A-Za-z0-9])/g, '«AKID{32}»'),
  createKeyRule('volcengine-key-id', 'aklt', /(?<![A-Za-z0-9])AKLT[A-Za-z0-9]{20,60}(?![A-Za-z0-9])/g, '«AKLT{43}»'),
  createKeyRule(
    'access-and-secret-key',
    ['ak', 'sk', 'secretid', 'secretkey'],
    /(?<![A-Za-z])(?:AK|SK|SecretId|SecretKey)["']?\s{0,3}[:=]\s{0,3}["']?(?<secret>[A-Za-z0-9+/]{16,64}={0,2})/g,
    ['AK: «{20}» SK: «{40}»', 'AK: «{20}»'],
    (secret) => /\d/.test(secret) && /[A-Za-z]/.test(secret),
  ),
  createKeyRule('google-api', 'aiza', /(?<![A-Za-z0-9])AIza[\w-]{35}(?![\w-])/g, '«AIza{35}»'),
  createKeyRule('google-oauth-secret', 'gocspx-', /GOCSPX-[\w-]{24,40}/g, '«GOCSPX-{28}»'),
  createKeyRule(
    'sk-prefix',
    'sk-',
    /(?<![A-Za-z0-9])sk-(?:ant-|proj-|svcacct-|admin-|or-v1-)?[A-Za-z0-9_-]{20,260}/g,
    ['«sk-ant-api03-{95}»', '«sk-proj-{150}»', '«sk-{48}»'],
    (secret) => /\d/.test(secret),
  ),
  createKeyRule(
    'model-providers',
    ['gsk_', 'xai-', 'r8_', 'pplx-', 'nvapi-', 'tvly-', 'fw_', 'csk-', 'jina_', 'bce-v3/'],
    /(?<![A-Za-z0-9])(?:gsk_[A-Za-z0-9]{40,60}|xai-[A-Za-z0-9]{60,100}|r8_[A-Za-z0-9]{37}|pplx-[A-Za-z0-9]{40,60}|nvapi-[\w-]{50,80}|tvly-(?:dev-|prod-)?[A-Za-z0-9]{24,40}|fw_[A-Za-z0-9]{22,40}|csk-[a-z0-9]{40,60}|jina_[A-Za-z0-9]{50,70}|bce-v3\/ALTAK-[A-Za-z0-9]{20,30}\/[a-f0-9]{40})/g,
    ['«gsk_{52}»', '«r8_{37}»', '«nvapi-{64}»', '«jina_{60}»'],
  ),
  createKeyRule(
    'stripe',
    ['_live_', '_test_', '_prod_'],
    /(?<![A-Za-z0-9])(?:sk|rk|pk)_(?:test|live|prod)_[A-Za-z0-9]{10,120}/g,
    ['«sk_·live_{24}»', '«rk_·live_{32}»'],
  ),
  createKeyRule('stripe-webhook', 'whsec_', /whsec_[A-Za-z0-9+/=]{24,80}/g, '«whsec_{32}»'),
  createKeyRule('sendgrid', 'sg.', /(?<![A-Za-z0-9])SG\.[\w-]{16,32}\.[\w-]{32,64}/g, '«SG.{22}.{43}»'),
  createKeyRule('twilio', 'sk', /(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/g, '«SK{hex 32}»'),
  createKeyRule(
    'mail-services',
    ['key-', 'xkeysib-', 'xsmtpsib-', 're_', 'mlsn.', '-us'],
    /(?<![A-Za-z0-9])(?:key-[0-9a-f]{32}|x(?:key|smtp)sib-[0-9a-f]{64}-[A-Za-z0-9]{16}|re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,30}|mlsn\.[0-9a-f]{64}|[0-9a-f]{32}-us\d{1,2})(?![A-Za-z0-9])/g,
    ['«key-{hex 32}»', '«xkeysib-{hex 64}-{16}»', '«re_{8}_{24}»', '«{hex 32}-us14»'],
  ),
  createKeyRule(
    'observability',
    ['nrak-', 'nriq-', 'nrii-', 'phx_', 'phc_', 'sntry'],
    /(?<![A-Za-z0-9])(?:NRAK-[A-Z0-9]{27}|NRI[IQ]-[\w-]{32}|ph[xc]_[A-Za-z0-9]{32,60}|sntrys_eyJ[A-Za-z0-9+/=_]{80,400}|sntryu_[a-f0-9]{64})/g,
    ['«NRAK-{upper 27}»', '«phx_{43}»'],
  ),
  createKeyRule('postman', 'pmak-', /PMAK-[0-9a-f]{24}-[0-9a-f]{34}/g, '«PMAK-{hex 24}-{hex 34}»'),
  createKeyRule(
    '1password',
    ['a3-', 'ops_eyj'],
    /(?<![A-Za-z0-9])(?:A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}|ops_eyJ[A-Za-z0-9+/_-]{200,2000}={0,3})/g,
    ['«A3-ASWWYB-798JRYLJVD4-23DC2-86TVM-H43EB»'],
  ),
  createKeyRule('entra-secret', 'q~', /(?<![\w~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}/g, '«abc8Q~{34}»'),
  createKeyRule(
    'azure-key',
    ['accountkey=', 'sharedaccesskey='],
    /(?<=AccountKey=|SharedAccessKey=)[A-Za-z0-9+/]{40,90}={0,2}/gi,
    'AccountKey=«{base64 86}==»;',
  ),
  createKeyRule(
    'azure-devops-and-ai',
    ['azd', 'jqqj99'],
    /(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{22,26}|(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/g,
    '«{52}JQQJ99{22}»',
  ),
  createKeyRule(
    'artifactory',
    // `cmVmdGtu` is the Base64 of `reftkn`, with which a reference token begins.
    ['akcp', 'cmvmdgtu'],
    /(?<![A-Za-z0-9])(?:AKCp[A-Za-z0-9]{60,80}|cmVmdGtu[A-Za-z0-9]{50,70})(?![A-Za-z0-9])/g,
    '«AKCp{69}»',
  ),
  createKeyRule('dingtalk-signing', 'sec', /(?<![A-Za-z0-9])SEC[0-9a-f]{64}(?![A-Za-z0-9])/g, '«SEC{hex 64}»'),
  createKeyRule(
    'heroku-and-hubspot',
    ['hrku-', 'pat-na', 'pat-eu'],
    /HRKU-[\w-]{36,64}|pat-(?:na|eu)\d-[0-9a-f-]{36}/g,
    ['«HRKU-{36}»', '«pat-na2-{hex 8}-1111-2222-3333-{hex 12}»'],
  ),
  createKeyRule(
    'payment-services',
    ['access_token$', 'live_', 'flwseck'],
    /access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}|(?<![A-Za-z0-9_])live_[A-Za-z0-9]{30,40}(?![A-Za-z0-9])|FLWSECK(?:_TEST)?-[0-9a-zA-Z]{12,40}-X/g,
    '«access_token$production$·{lower 16}$·{hex 32}»',
  ),
  createKeyRule(
    'bitcoin-wallet',
    [],
    /(?<![A-Za-z0-9])(?:5[1-9A-HJ-NP-Za-km-z]{50}|[KL][1-9A-HJ-NP-Za-km-z]{51}|[xyz]prv[1-9A-HJ-NP-Za-km-z]{100,115})(?![A-Za-z0-9])/g,
    '«5{wif 50}»',
    isRandom,
  ),
  createKeyRule(
    'seed-phrase',
    ['seed', 'phrase', 'mnemonic', '助记词', 'recovery', 'backup'],
    /(?:(?:seed|mnemonic|phrase|助记词)(?:[ _-](?:phrase|words?|seed|code))?["']?\s{0,3}(?:[:=]|is|是|为)?|(?:recovery|backup)(?:[ _-](?:words?|code)["']?\s{0,3}(?:[:=]|is|是|为)?|["']?\s{0,3}[:=]))\s{0,3}["']?(?<secret>[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11,23})(?![A-Za-z])/gi,
    [
      'recovery phrase: «legal winner thank year wave sausage worth useful legal winner thank yellow»',
      'recovery words: «legal winner thank year wave sausage worth useful legal winner thank yellow»',
      'recovery code «legal winner thank year wave sausage worth useful legal winner thank yellow».',
      '{"backup":"«legal winner thank year wave sausage worth useful legal winner thank yellow»"}',
    ],
    undefined,
    [
      'the seed phrase was written on paper',
      'the backup then ran from the old host and took all night while every other host slept',
    ],
  ),
  createKeyRule(
    'jwk',
    '"kty"',
    /"(?:d|k|p|q|dp|dq|qi)"\s{0,3}:\s{0,3}"(?<secret>[\w-]{20,2000})"/g,
    '{"kty":"EC","d":"«{43}»"}',
  ),
]
