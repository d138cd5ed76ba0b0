import { describe, expect, it } from 'vitest'
import { deployment, sourceSettings } from './deployment.ts'

const { sourceVpc, sourceSubnets } = sourceSettings

describe('without a source', () => {
  it('nothing is deployed of it', () => {
    const { resources, outputs } = deployment()

    const types = resources.map(({ Type }) => Type)
    expect(types.filter((type) => type.startsWith('AWS::EC2'))).toEqual([])
    expect(JSON.stringify([resources, outputs])).not.toMatch(
      /mirror|source-|ec2:|rds-db|VpcConfig/i,
    )
  })
})

describe('with a source', () => {
  const { properties, ofType, named, outputs } = deployment(sourceSettings)

  it('one function alone is in the network of the database', () => {
    const inside = [...ofType('AWS::Lambda::Function')].filter(([, { Properties }]) =>
      Object.hasOwn(Properties, 'VpcConfig'),
    )

    expect(inside.map(([path]) => path)).toEqual(['Mirroring/Mirror'])
    expect(properties('Mirroring/Mirror')['VpcConfig']).toEqual({
      SubnetIds: sourceSubnets.split(','),
      SecurityGroupIds: [{ 'Fn::GetAtt': [expect.any(String), 'GroupId'] }],
    })
    expect(properties('Mirroring/SecurityGroup')).toMatchObject({ VpcId: sourceVpc })
    expect(properties('Mirroring/SecurityGroup')).not.toHaveProperty('SecurityGroupIngress')
  })

  it('it runs each minute, and once a day for all rows', () => {
    const targetOf = (name: string) => properties(`Mirroring/${name}/Schedule`)

    expect(targetOf('EachMinute')).toMatchObject({ ScheduleExpression: 'rate(1 minute)' })
    expect(targetOf('Daily')).toMatchObject({
      ScheduleExpression: 'cron(37 3 * * ? *)',
      Target: { Input: '{"compare":true}' },
    })
    expect(named(outputs['MirrorFunction']?.Value)).toBe('Mirroring/Mirror')
  })

  it('it is let in by IAM as one user of one database', () => {
    const statements = JSON.stringify([...ofType('AWS::IAM::Policy').values()])

    expect(statements).toMatch(/:rds-db:.*dbuser:db-ABCDEFGHIJKL01234\/overdue/)
    expect(statements).not.toContain('secretsmanager')
  })

  it('it takes the security group and the secret that it is given', () => {
    const sourceSecret = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1-abc'
    const sourceSecurityGroup = 'sg-0123456789abcdef0'
    const given = { sourceVpc, sourceSubnets, sourceSecret, sourceSecurityGroup }
    const other = deployment(given)

    expect(other.properties('Mirroring/Mirror')).toMatchObject({
      VpcConfig: { SecurityGroupIds: [sourceSecurityGroup] },
      Environment: { Variables: { SOURCE_SECRET: sourceSecret } },
    })
    expect(JSON.stringify([...other.ofType('AWS::IAM::Policy').values()])).not.toContain('rds-db')
    expect(other.ofType('AWS::EC2::SecurityGroup').size).toBe(0)
  })
})
