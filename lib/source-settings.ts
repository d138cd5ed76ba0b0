import { SettingError } from './setting-error.ts'

/** A relational database that says which checks there are, and how to reach it. */
export type SourceSettings = {
  readonly vpc: string
  readonly subnets: readonly string[]
  /** What the database lets in; undefined: the stack makes it. */
  readonly securityGroup: string | undefined
  readonly access:
    | { readonly kind: 'secret'; readonly arn: string }
    | {
        readonly kind: 'iam'
        readonly url: string
        /** What RDS calls the database in policies. */
        readonly resource: string
        readonly user: string
      }
}

export type GivenSource = {
  readonly sourceVpc?: string | undefined
  readonly sourceSubnets?: readonly string[] | undefined
  readonly sourceSecurityGroup?: string | undefined
  readonly sourceUrl?: string | undefined
  readonly sourceResource?: string | undefined
  readonly sourceSecret?: string | undefined
}

/** @throws SettingError when the settings of the source don't go together. */
export function sourceSettingsOf(given: GivenSource): SourceSettings | undefined {
  const { sourceVpc: vpc, sourceSubnets: subnets, sourceSecurityGroup: securityGroup } = given
  if (vpc === undefined) {
    const { sourceUrl, sourceResource, sourceSecret } = given
    if (
      [subnets, securityGroup, sourceUrl, sourceResource, sourceSecret].every(
        (each) => each === undefined,
      )
    )
      return undefined
    throw new SettingError(
      'the settings sourceSubnets, sourceSecurityGroup, sourceUrl, sourceResource and sourceSecret belong to sourceVpc; set sourceVpc, too, or none of them',
    )
  }
  if (subnets === undefined)
    throw new SettingError(
      'the setting sourceVpc needs sourceSubnets, from which the mirror connects',
    )
  return { vpc, subnets, securityGroup, access: accessOf(given) }
}

function accessOf({
  sourceUrl: url,
  sourceResource: resource,
  sourceSecret: arn,
}: GivenSource): SourceSettings['access'] {
  if (arn !== undefined && url === undefined && resource === undefined)
    return { kind: 'secret', arn }
  if (arn !== undefined || url === undefined || resource === undefined)
    throw new SettingError(
      'the setting sourceVpc needs sourceUrl and sourceResource, by which IAM lets the mirror in; or sourceSecret alone, which has a password',
    )
  return { kind: 'iam', url, resource, user: decodeURIComponent(new URL(url).username) }
}
