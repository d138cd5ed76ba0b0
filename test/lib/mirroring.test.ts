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

  it.each([
    ['its port', { sourceUrl: 'mysql://overdue@db.example.com:3307/app' }, [443, 3307]],
    ['that of MySQL', { sourceUrl: 'mysql://overdue@db.example.com/app' }, [443, 3306]],
    ['that of PostgreSQL', { sourceUrl: 'postgres://overdue@db.example.com/app' }, [443, 5432]],
    [
      'those of both where a secret says which it is',
      {
        sourceUrl: undefined,
        sourceResource: undefined,
        sourceSecret: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1-abc',
      },
      [443, 3306, 5432],
    ],
  ])('it reaches AWS and the database alone, by %s', (_what, changed, ports) => {
    const group = deployment({ ...sourceSettings, ...changed }).properties(
      'Mirroring/SecurityGroup',
    )

    expect(group['SecurityGroupEgress']).toMatchObject(
      ports.map((port) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port })),
    )
    expect(group['SecurityGroupEgress']).toHaveLength(ports.length)
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
