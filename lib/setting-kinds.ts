import { isIP } from 'node:net'
import { z } from 'zod'
import { emailAddress } from '../lambdas/domain/people/email-address.ts'

/*
 * What settings take. A schema's error says it in words. The command line and the environment give
 * texts, JSON and props values of their types: all are read as text.
 */

export function matching(takes: string, pattern: RegExp) {
  return textOf(takes).pipe(z.string().regex(pattern, takes))
}

export function eitherOf<const Word extends string>(...words: readonly Word[]) {
  const takes = words.join(' or ')
  return textOf(takes).pipe(z.enum(words, takes))
}

export const yesOrNo = eitherOf('true', 'false').transform((text) => text === 'true')

export function numberBetween(
  least: number,
  most: number,
  takes = `a whole number from ${least} to ${most}`,
) {
  return matching(takes, /^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(least, takes).max(most, takes))
}

function noneOrNumber(least: number, most: number) {
  const takes = `none or a whole number from ${least} to ${most}`
  return z.union([z.literal('none'), numberBetween(least, most, takes)], takes)
}

function textOf(takes: string) {
  const list = z.array(z.union([z.string(), z.number()]))
  return z.union([z.string(), z.number(), z.boolean(), list], takes).transform(String)
}

export const address = matching('an e-mail address', emailAddress)

/**
 * A body of 4 MB always gets through: 6 MB is what Lambda takes as an event, and Base64 makes four
 * bytes of three.
 */
export const bodyLimit = noneOrNumber(1, 4_000_000)

/**
 * The least is one ping a second: schedules know seconds, and a ping less often could be the one
 * that a deadline waits for.
 */
export const pingRate = noneOrNumber(60, 1_000_000)

/** Most of them, so that they fit into the environment of a function and into its policy. */
const MOST_NAMES = 20

export function listOfNames(what: string) {
  const takes = `names of ${what}, at most ${MOST_NAMES}, with commas between them, each of which may end in * for whatever follows`
  const name = z.string().regex(/^(\*|[\w./-]{1,80}\*?)$/)
  return textOf(takes)
    .transform((text) => text.split(','))
    .refine((names) => z.array(name).max(MOST_NAMES).safeParse(names).success, takes)
}

export const stackName = matching(
  'a name of 1 to 60 letters, digits and hyphens that begins with a letter',
  /^[a-z][a-z0-9-]{0,59}$/i,
)

export const ruleSetName = matching(
  'the name of a receipt rule set',
  /^[a-z0-9]([\w.-]{0,62}[a-z0-9])?$/i,
)

export const ipAddress = textOf('an IP address').refine((text) => isIP(text) !== 0, 'an IP address')

export const hostName = matching(
  'a host name such as ping.example.com',
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/i,
).transform((text) => text.toLowerCase())

/** CloudFront looks for certificates in this region only. */
export const certificateArn = matching(
  'the ARN of a certificate in us-east-1',
  /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]{36}$/,
)

export const zoneId = matching(
  'the ID of a hosted zone such as Z0123456789ABCDEFGHIJ',
  /^Z[A-Z0-9]{1,31}$/,
)

export const frontSecrets = matching(
  'the number of a secret, or two with a comma between them, the one that is sent first',
  /^([1-9]\d{0,5})(,(?!\1$)[1-9]\d{0,5})?$/,
).transform((text) => text.split(',').map(Number))

export const httpsUrl = textOf('an https URL').refine(
  (text) => URL.parse(text)?.protocol === 'https:',
  'an https URL',
)

export const vpcId = matching(
  'the ID of a VPC such as vpc-0123456789abcdef0',
  /^vpc-[0-9a-f]{8,17}$/,
)

export const securityGroupId = matching(
  'the ID of a security group such as sg-0123456789abcdef0',
  /^sg-[0-9a-f]{8,17}$/,
)

export const subnetIds = matching(
  'IDs of one to sixteen subnets with commas between them',
  /^subnet-[0-9a-f]{8,17}(,subnet-[0-9a-f]{8,17}){0,15}$/,
).transform((text) => text.split(','))

const databaseTakes =
  'a URL without a password, such as mysql://overdue@db.example.com/app or postgres://…'

/** A password would stand in the template, which many may read. */
export const databaseUrl = matching(
  databaseTakes,
  /^(mysql|postgres):\/\/[^/?#]+\/[^/?#]+$/,
).refine((text) => {
  const url = URL.parse(text)
  return url !== null && url.username !== '' && url.password === ''
}, databaseTakes)

/** Instances, clusters and proxies have such IDs; their names are others. */
export const databaseResource = matching(
  'the resource ID of a database, such as db-ABCDEFGHIJKL01234, cluster-… or prx-…',
  /^(db|cluster|prx)-[A-Za-z0-9-]{1,60}$/,
)

export const secretArn = matching(
  'the ARN of a secret in Secrets Manager',
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]{1,512}$/,
)
