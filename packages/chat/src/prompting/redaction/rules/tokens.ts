import { isRandom } from '../checks.ts'
import { createFormatRuleFactory, type SecretRule } from './rule.ts'

const createTokenRule = createFormatRuleFactory('TOKEN')

/**
 * These rules find tokens of services by the format that the service documents: a prefix, the URL of a webhook, or the
 * name of a parameter.
 */
export const TOKEN_RULES: SecretRule[] = [
  createTokenRule(
    'jwt',
    'ey',
    /(?<![A-Za-z0-9_])ey[JI][A-Za-z0-9_-]{10,4000}\.(?:ey[JI])?[A-Za-z0-9_-]{10,8000}(?:\.[A-Za-z0-9_-]{0,4000}){1,3}/g,
    ['«eyJhbGciOiJIUzI1NiJ9.eyJ{40}.{43}»', '«eyJhbGciOiJIUzI1NiJ9.eyJ{40}.»'],
  ),
  createTokenRule(
    'github',
    ['gh', 'github_pat_'],
    /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{22,255})/g,
    ['«ghp_{36}»', '«github_pat_{22}_{59}»'],
  ),
  createTokenRule(
    'gitlab',
    ['gl', 'gr1348941'],
    /(?<![A-Za-z0-9])(?:gl(?:pat|dt|rt|oas|soat|cbt|ptt|ft|imt|agent|ffct|wt)-[\w.-]{20,300}|GR1348941[\w-]{20,50})/g,
    ['«glpat-{20}»', '«GR1348941{20}»'],
  ),
  createTokenRule(
    'bitbucket',
    ['atbb', 'atctt3', 'atatt3'],
    /(?<![A-Za-z0-9])(?:ATBB[A-Za-z0-9]{24,40}|AT(?:ATT|CTT)3[\w=-]{60,300})/g,
    ['«ATBB{32}»', '«ATATT3{180}»'],
  ),
  createTokenRule(
    'slack',
    ['xox', 'xapp-'],
    /(?<![A-Za-z0-9])(?:xox[abeoprsc][-.][A-Za-z0-9.-]{10,250}|xapp-\d-[A-Z0-9]{6,20}-\d{6,20}-[A-Za-z0-9]{20,100})/g,
    '«xoxb·-{digit 12}-{24}»',
  ),
  createTokenRule(
    'slack-webhook',
    'hooks.slack',
    /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/(?<secret>[A-Za-z0-9+/]{30,100})/g,
    'https://hooks.slack.com/services/«T{upper 8}/B{upper 8}/{24}»',
  ),
  createTokenRule(
    'chat-webhook',
    ['oapi.dingtalk', 'qyapi.weixin', 'open.feishu', 'open.larksuite'],
    /(?:oapi\.dingtalk\.com\/robot\/send\?access_token=|qyapi\.weixin\.qq\.com\/cgi-bin\/webhook\/send\?key=|open\.(?:feishu\.cn|larksuite\.com)\/open-apis\/bot\/v2\/hook\/)(?<secret>[\w-]{20,80})/g,
    'https://oapi.dingtalk.com/robot/send?access_token=«{hex 64}»',
  ),
  createTokenRule(
    'teams-webhook',
    ['webhook.office'],
    /webhook\.office\.com\/(?:webhookb2\/)?(?<secret>[\w@-]{36,90}\/IncomingWebhook\/[\w/-]{32,160})/g,
    'https://x.webhook.office.com/webhookb2/«{hex 8}-1111-2222-3333-{hex 12}@{hex 8}-1111-2222-3333-{hex 12}/IncomingWebhook/{hex 32}/{hex 8}-1111-2222-3333-{hex 12}»',
  ),
  createTokenRule(
    'discord-webhook',
    ['discord'],
    /discord(?:app)?\.com\/api\/webhooks\/(?<secret>\d{17,20}\/[\w-]{60,80})/g,
    'https://discord.com/api/webhooks/«{digit 18}/{68}»',
  ),
  createTokenRule(
    'discord',
    [], // These tokens have no fixed text, so this rule searches every text.
    /(?<![\w-])[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,40}/g,
    '«M{24}.{6}.{27}»',
    (secret) => /\d/.test(secret),
  ),
  createTokenRule('telegram', ':aa', /(?<![A-Za-z0-9])\d{8,10}:AA[\w-]{33}(?![\w-])/g, '«{digit 10}:AA{33}»'),
  createTokenRule('google-oauth', ['ya29.', '1//0'], /(?<![A-Za-z0-9])(?:ya29\.[\w-]{20,500}|1\/\/0[\w-]{30,150})/g, [
    '«ya29.{60}»',
    '«1//0g{60}»',
  ]),
  createTokenRule(
    'facebook',
    'eaa',
    /(?<![A-Za-z0-9])EAA[A-Za-z0-9]{60,400}(?![A-Za-z0-9])/g,
    '«EAAC{120}»',
    (secret) => /\d/.test(secret) && /[a-z]/.test(secret),
  ),
  createTokenRule(
    'aws-session',
    'iqojb3jpz2lu', // The Base64 contains `origin`.
    /IQoJb3JpZ2lu[A-Za-z0-9+/_-]{50,2000}={0,2}/g,
    '«IQoJb3JpZ2luX2Vj{200}==»',
  ),
  createTokenRule(
    'package-registries',
    ['npm_', 'pypi-', 'rubygems_', 'dckr_', 'clojars_', 'oy2', 'cio'],
    /(?<![A-Za-z0-9])(?:npm_[A-Za-z0-9]{36}|pypi-AgE[\w-]{50,1000}|rubygems_[a-f0-9]{48}|dckr_(?:pat|oat)_[\w-]{20,60}|CLOJARS_[a-z0-9]{60}|oy2[a-z0-9]{43}(?![a-z0-9])|cio[A-Za-z0-9]{32}(?![A-Za-z0-9]))/g,
    ['«npm_{36}»', '«pypi-AgEIcHlwaS5vcmc{100}»', '«dckr_pat_{27}»'],
  ),
  createTokenRule(
    'hugging-face',
    ['hf_', 'api_org_'],
    /(?<![A-Za-z0-9])(?:hf_[A-Za-z0-9]{30,40}|api_org_[A-Za-z]{34})(?![A-Za-z0-9])/g,
    '«hf_{34}»',
  ),
  createTokenRule('vault', ['hvs.', 'hvb.', 'hvr.'], /(?<![A-Za-z0-9])hv[sbr]\.[\w-]{24,300}/g, '«hvs.{24}»'),
  createTokenRule(
    'vault-before-1.10',
    ['s.', 'b.', 'r.'],
    /(?<![\w.-])[sbr]\.[A-Za-z0-9]{24}(?![\w.-])/g,
    '«s.{24}»',
    (secret) => isRandom(secret.slice(2)),
  ),
  createTokenRule(
    'terraform',
    '.atlasv1.',
    /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}/g,
    '«{14}.atlasv1.{67}»',
  ),
  createTokenRule(
    'cloud-providers',
    [
      'dop_v1_',
      'doo_v1_',
      'dor_v1_',
      'dapi',
      'fo1_',
      'fm1',
      'fm2',
      'cfpat-',
      'v1.0-',
      'tskey-',
      'pul-',
      'rnd_',
      'sbp_',
      'vcp_',
      'vck_',
      'vci_',
      'vca_',
      'vcr_',
      'nfp_',
    ],
    /(?<![A-Za-z0-9])(?:do[opr]_v1_[a-f0-9]{64}|dapi[a-f0-9]{32}(?:-\d)?|fo1_[\w-]{43}|fm[12][ar]?_[A-Za-z0-9+/]{100,500}={0,3}|CFPAT-[\w-]{43}|v1\.0-[a-f0-9]{24}-[a-f0-9]{146}|tskey-[a-z]{2,12}-[A-Za-z0-9]{6,24}(?:CNTRL)?-[A-Za-z0-9]{20,60}|pul-[a-f0-9]{40}|rnd_[A-Za-z0-9]{28,40}|sbp_[a-f0-9]{40}|vc[pkiar]_[A-Za-z0-9]{40,60}|nfp_[A-Za-z0-9]{36,40})/g,
    ['«dop_v1_{hex 64}»', '«dapi{hex 32}»', '«tskey-auth-k{10}CNTRL-{32}»', '«vck_{48}»'],
  ),
  createTokenRule(
    'doppler',
    'dp.',
    /(?<![A-Za-z0-9])dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{40,60}/g,
    '«dp.pt.{43}»',
  ),
  createTokenRule(
    'grafana',
    ['glc_', 'glsa_'],
    /(?<![A-Za-z0-9])(?:glc_[A-Za-z0-9+/]{32,400}={0,3}|glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8})/g,
    '«glsa_{32}_{hex 8}»',
  ),
  createTokenRule(
    'work-tools',
    ['lin_api_', 'lin_oauth_', 'ntn_', 'secret_', 'fig', 'tfp_', 'pat'],
    /(?<![A-Za-z0-9])(?:lin_(?:api|oauth)_[A-Za-z0-9]{40,64}|ntn_[A-Za-z0-9]{40,50}|secret_[A-Za-z0-9]{43}|fig[dour]{1,2}_[\w-]{38,44}|tfp_[\w-]{40,60}|pat[A-Za-z0-9]{14}\.[a-f0-9]{64})/g,
    ['«lin_api_{40}»', '«figd_{40}»', '«figu_{40}»', '«pat{14}.{hex 64}»'],
  ),
  createTokenRule(
    'databases',
    ['pscale_', 'lsv2_'],
    /(?<![A-Za-z0-9])(?:pscale_(?:tkn|pw|oauth)_[\w=.-]{32,64}|lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10})/g,
    '«pscale_tkn_{43}»',
  ),
  createTokenRule(
    'shops',
    ['shp', 'sq0'],
    /(?<![A-Za-z0-9])(?:shp(?:at|ca|pa|ss|tka)_[a-fA-F0-9]{32}|sq0(?:atp|csp|idp)-[\w-]{22,43})/g,
    ['«shpat_{hex 32}»', '«sq0csp-{43}»'],
  ),
  createTokenRule('okta', 'ssws', /\bSSWS\s{1,4}(?<secret>[\w-]{30,60})/gi, 'SSWS «00{40}»'),
  createTokenRule('dynatrace', 'dt0', /dt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}/g, '«dt0c01.{upper 24}.{upper 64}»'),
  createTokenRule('sonar', ['sqp_', 'squ_', 'sqa_'], /(?<![A-Za-z0-9])sq[pua]_[a-f0-9]{40}/g, '«squ_{hex 40}»'),
  createTokenRule(
    'kerberos-ticket',
    ['doi', 'yii'], // So begins the Base64 of a `.kirbi` file, or of a GSS token.
    /(?<![A-Za-z0-9+/])(?:doI[A-Z]|YII[A-Za-z0-9])[A-Za-z0-9+/]{100,20000}={0,2}/g,
    '«doIFuj{200}==»',
  ),
  createTokenRule(
    'ntlm-message',
    'tlrmtvntuaad', // This is the Base64 of `NTLMSSP` and the number 3, the message with the response to a challenge.
    /TlRMTVNTUAAD[A-Za-z0-9+/]{40,8000}={0,2}/g,
    '«TlRMTVNTUAADAAAA{200}»',
  ),
  createTokenRule(
    'saml',
    ['samlresponse', 'samlart', 'wresult', 'assertion'],
    /\b(?:SAMLResponse|SAMLart|client_assertion|assertion|wresult)["']?\s{0,3}[:=]\s{0,3}["']?(?<secret>[\w+/%.-]{40,20000}={0,2})/gi,
    'SAMLResponse=«{base64 200}»',
  ),
]
