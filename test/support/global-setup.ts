import { buildFunctions } from '../../bin/build/functions.ts'

export default buildFunctions
