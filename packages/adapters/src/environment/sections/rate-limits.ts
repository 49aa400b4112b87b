import { createSection, Switch, WholeNumber } from '../variable-types.ts'

export const rateLimitsSection = createSection('Rate limits', {
  isEnabled: Switch('RATE_LIMIT_ENABLED', {
    description: '`false` switches request limits off, for load tests. Size limits stay.',
    default: true,
    example: 'false',
  }),
  sendsPerMinute: WholeNumber('RATE_LIMIT_SENDS_PER_MINUTE', {
    description: 'One user may ask this many questions.',
    unit: 'requests per minute',
    default: 120,
    minimum: 1,
    example: '120',
  }),
  requestsPerMinute: WholeNumber('RATE_LIMIT_REQUESTS_PER_MINUTE', {
    description:
      'One user may send this many requests other than questions. Searches, previews and exports count here, too.',
    unit: 'requests per minute',
    default: 1_200,
    minimum: 1,
    example: '1200',
  }),
  searchesPerMinute: WholeNumber('RATE_LIMIT_SEARCHES_PER_MINUTE', {
    description: 'One user may run this many searches. Each reads up to `SEARCH_MAX_MESSAGES` messages.',
    unit: 'requests per minute',
    default: 60,
    minimum: 1,
    example: '60',
  }),
  previewsPerMinute: WholeNumber('RATE_LIMIT_PREVIEWS_PER_MINUTE', {
    description: 'One user may preview this many questions.',
    unit: 'requests per minute',
    default: 30,
    minimum: 1,
    example: '30',
  }),
  exportsPerMinute: WholeNumber('RATE_LIMIT_EXPORTS_PER_MINUTE', {
    description: 'One user may export this many rooms. Each export reads a whole room.',
    unit: 'requests per minute',
    default: 6,
    minimum: 1,
    example: '6',
  }),
  unknownCallersPerMinute: WholeNumber('RATE_LIMIT_ADDRESS_PER_MINUTE', {
    description:
      'One network may send this many requests without a valid sign-in: logins, refreshes, and bad tokens. A network is an IPv4 address, or the /64 of an IPv6 address.',
    unit: 'requests per minute',
    default: 1_200,
    minimum: 1,
    example: '1200',
  }),
  loginsPerMinute: WholeNumber('RATE_LIMIT_LOGINS_PER_MINUTE', {
    description: 'One known device, or one network, may try to log in with one name this many times.',
    unit: 'requests per minute',
    default: 10,
    minimum: 1,
    example: '10',
  }),
  loginsPerHour: WholeNumber('RATE_LIMIT_NAME_PER_HOUR', {
    description:
      'All unknown devices and networks together may try to log in with one name this many times. A device or network that signed in with the name before is counted separately, with the same limit.',
    unit: 'requests per hour',
    default: 100,
    minimum: 1,
    example: '100',
  }),
})
