import { createSection, Switch, TextList, TextValue, WholeNumber } from '../variable-types.ts'

export const signInSection = createSection('Signing in', {
  secret: TextValue('JWT_SECRET_KEY', {
    description:
      'This key signs access tokens and must be the same on all API nodes. Anybody who knows it can sign in as any user.',
    expected: 'at least 32 random characters, as `openssl rand -base64 48` prints them',
    minLength: 32,
    example: 'EXAMPLE-run-openssl-rand-base64-48-for-your-own',
    secret: true,
  }),
  previousSecrets: TextList('JWT_PREVIOUS_SECRET_KEYS', {
    description:
      'These are former values of `JWT_SECRET_KEY`. Tokens that they signed are valid until they expire, but they sign no new ones.',
    expected: 'secrets of at least 32 characters, comma-separated',
    minLength: 32,
    default: [],
    example: 'EXAMPLE-the-key-that-signed-until-an-hour-ago-0',
    secret: true,
  }),
  isPlainHttpAllowed: Switch('ALLOW_PLAIN_HTTP_SIGN_IN', {
    description:
      'A password or a refresh token from another machine is refused unless it came by https, as the server or a proxy of `TRUSTED_PROXIES` reports. `true` accepts plain http, which everybody on the way can read.',
    default: false,
    example: 'false',
  }),
  accessTokenSeconds: WholeNumber('ACCESS_TOKEN_TTL', {
    description: 'An access token is valid for this time.',
    unit: 's',
    default: 900,
    minimum: 30,
    maximum: 86_400,
    example: '900',
  }),
  refreshTokenSeconds: WholeNumber('REFRESH_TOKEN_TTL', {
    description: 'A browser that is not used stays signed in for this time.',
    unit: 's',
    default: 2_592_000,
    minimum: 60,
    example: '2592000',
  }),
  maxAgeSeconds: WholeNumber('SIGN_IN_MAX_AGE', {
    description:
      'A sign-in ends this long after its login, even in a browser that is used all the time. The user then logs in again.',
    unit: 's',
    default: 2_592_000,
    minimum: 60,
    example: '604800',
  }),
  deviceSeconds: WholeNumber('DEVICE_COOKIE_TTL', {
    description:
      'A browser in which a user signed in is known for this time. Limits count its logins separately, so that nobody else can lock the user out.',
    unit: 's',
    default: 15_552_000,
    minimum: 3_600,
    example: '15552000',
  }),
  socketTicketSeconds: WholeNumber('WS_TICKET_TTL', {
    description: 'A WebSocket ticket is valid for this time and for one use.',
    unit: 's',
    default: 30,
    minimum: 1,
    maximum: 300,
    example: '30',
  }),
})
