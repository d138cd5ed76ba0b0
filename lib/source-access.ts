import { ArnFormat, Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { SourceSettings } from './source-settings.ts'

/**
 * How the mirror gets into the database: its role is the password (IAM authentication), or a secret
 * has one.
 */
export class SourceAccess {
  readonly environment: Readonly<Record<string, string>>
  readonly #service: string
  readonly #arn: string

  constructor(scope: Construct, { access }: Pick<SourceSettings, 'access'>) {
    if (access.kind === 'secret') {
      this.environment = { SOURCE_SECRET: access.arn }
      this.#service = 'secretsmanager:'
      this.#arn = access.arn
    } else {
      this.environment = { SOURCE_URL: access.url }
      this.#service = 'rds-db:'
      const resourceName = `${access.resource}/${access.user}`
      const user = {
        service: 'rds-db',
        resource: 'dbuser',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        resourceName,
      }
      this.#arn = Stack.of(scope).formatArn(user)
    }
  }

  /** The permission for those of the actions that this way in takes. */
  grantOf(actions: readonly string[]): PolicyStatement {
    return new PolicyStatement({
      actions: actions.filter((action) => action.startsWith(this.#service)),
      resources: [this.#arn],
    })
  }
}
