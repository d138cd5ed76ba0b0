/** What a deployment is told. Each of them is described in docs/settings.md. */
export type OverdueProps = {
  /**
   * Where alerts come from, spelled as SES knows it: one letter in another case is another address
   * to it.
   */
  readonly sender: string
  /** Where the operator's alarms go. */
  readonly admin: string
  /** How a ping of an unknown UUID is answered. Default: open */
  readonly unknownPings?: 'open' | 'hosted' | 'strict'
  /** How many bytes of a ping's body are kept; `none` keeps them all. Default: 10,000 */
  readonly pingBodyLimit?: number | 'none'
  /** How long pings, bodies and outcomes of deliveries are kept. Default: 90 */
  readonly logDays?: number
  /**
   * How long flips are kept, from which uptime is told; never shorter than pings. Default: 400
   */
  readonly historyDays?: number
  /**
   * How many alerts of a project go out singly in a minute; e-mail about the rest is gathered into
   * digests. Default: 20
   */
  readonly alertBurst?: number
  /** Tables without protection, removed with the stack. Default: false */
  readonly throwAway?: boolean
  /** IP address of the one proxy whose forwarding headers are believed. Default: none is */
  readonly trustedFront?: string
  /** Reserved concurrency of the ping function. Default: none */
  readonly pingConcurrency?: number
  /** Whether there are pages. Default: true */
  readonly dashboard?: boolean
  /**
   * Reserved concurrency of the pages, which bounds what they take from pings, too. Default: none
   */
  readonly webConcurrency?: number
  /**
   * How many equal pings to one check an instance takes a minute; `none` takes them all. Default:
   * 60
   */
  readonly pingRate?: number | 'none'
  /**
   * What the stack makes of the sender in SES: an identity of the address, one of its domain, or
   * nothing where it is verified already. Default: managed
   */
  readonly senderIdentity?: 'managed' | 'domain' | 'existing'
  /**
   * ID of the hosted zone that the stack writes the records of the sender's domain into. Default:
   * the operator sees to them
   */
  readonly senderZone?: string
  /**
   * The one name of pings, API and pages. Default: each has the name that AWS gave it
   */
  readonly domain?: string
  /**
   * ARN of a certificate in us-east-1 for the domain. Default: the stack makes one in the zone
   */
  readonly certificate?: string
  /**
   * ID of the hosted zone that the stack writes the domain's records into. Default: the operator
   * sees to them
   */
  readonly zone?: string
  /**
   * Numbers of the secrets by which functions know the distribution: the one that it sends, and the
   * one before while it is replaced. Default: 1
   */
  readonly frontSecrets?: readonly number[]
  /**
   * Whether the name that AWS gave the API goes on answering beside the domain. Default: closed
   */
  readonly apiOwnName?: 'closed' | 'open'
  /** The domain whose mail pings. Default: none does */
  readonly pingEmailDomain?: string
  /**
   * Whether the stack makes the SES identity of that domain, or finds it, or a domain above it,
   * verified. Default: managed
   */
  readonly pingEmailIdentity?: 'managed' | 'existing'
  /**
   * The SES receipt rule set that is active already, for the stack to add its rule to. Default: the
   * stack makes one
   */
  readonly pingEmailRuleSet?: string
  /**
   * Topics of SNS in the account that channels may name; an asterisk at the end of one stands for
   * whatever follows. Default: none
   */
  readonly alertTopics?: readonly string[]
  /** The same of event buses. Default: none */
  readonly alertBuses?: readonly string[]
  /** For how long missed deadlines are held back while pings can't be taken. Default: 15 */
  readonly holdMinutes?: number
  /**
   * What each run of the sweep pings, so that somebody else notices when there are none. Default:
   * nobody
   */
  readonly watcherUrl?: string
  /**
   * ID of the VPC in which a database says which checks there are. Default: no database does, and
   * nothing is made for one
   */
  readonly sourceVpc?: string
  /** IDs of the subnets from which that database is asked. Needed with sourceVpc */
  readonly sourceSubnets?: readonly string[]
  /** ID of the security group that asks it. Default: the stack makes one */
  readonly sourceSecurityGroup?: string
  /**
   * Where it is, and as whom it is asked, such as mysql://overdue@db.example.com/app: IAM lets that
   * user in. Default: the secret says so
   */
  readonly sourceUrl?: string
  /** Its resource ID, such as db-ABCDEFGHIJKL01234. Needed with sourceUrl */
  readonly sourceResource?: string
  /** ARN of a secret as RDS makes them, with a password. Default: IAM lets the user in */
  readonly sourceSecret?: string
}
